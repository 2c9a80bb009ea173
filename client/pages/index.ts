/**
 * Every screen, one line each: its path, who may open it, where it stands in the navigation, and its file.
 * Literal paths stand before those with parameters. A page without `nav` is reached from another page.
 */
import type { Permission } from '../../server/permissions.ts';
import type { Page } from '../router.ts';

/** The navigation's sections, in their order. */
export const sections = ['Map', 'Hotspots', 'Patrols', 'Money', 'Returns', 'Data', 'Administration'] as const;
export type Section = (typeof sections)[number];

export interface PageEntry {
  path: `/${string}`;
  allow: Permission;
  nav?: { section: Section; label: string; about: string };
  load: () => Promise<Page>;
}

export const pages: readonly PageEntry[] = [
  { path: '/', allow: 'anyone', load: async () => (await import('./home.ts')).home },
  { path: '/sign-in', allow: 'anyone', load: async () => (await import('./signIn.ts')).signInPage },
  { path: '/welcome', allow: 'anyone', load: async () => (await import('./welcome.ts')).welcomePage },
  { path: '/account', allow: 'useOwnAccount', load: async () => (await import('./account.ts')).accountPage },
  { path: '/account/permissions', allow: 'useOwnAccount', load: async () => (await import('./permissions.ts')).permissionsPage },
  { path: '/returns', allow: 'seeReturns', nav: { section: 'Returns', label: 'Monthly returns', about: 'What is reported to the Home Office each month, and what was kept' }, load: async () => (await import('./returns.ts')).returnsPage },
  { path: '/returns/:month', allow: 'seeReturns', load: async () => (await import('./monthlyReturn.ts')).monthlyReturnPage },
  { path: '/returns/:month/rows', allow: 'seeReturns', load: async () => (await import('./returnRows.ts')).returnRowsPage },
  { path: '/published-tables', allow: 'seeReturns', nav: { section: 'Returns', label: 'Published tables', about: 'Figures others printed, added up again' }, load: async () => (await import('./publishedTables.ts')).publishedTablesPage },
  { path: '/published-tables/:id', allow: 'seeReturns', load: async () => (await import('./publishedTableView.ts')).publishedTablePage },
  { path: '/week-board', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Week board', about: 'Hours owed by hotspot, gaps, alerts and the money left this week' }, load: async () => (await import('./weekBoard.ts')).weekBoardPage },
  { path: '/visits', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Visits', about: 'What was recorded, with totals' }, load: async () => (await import('./visits.ts')).visitsPage },
  { path: '/visits/record', allow: 'recordVisits', nav: { section: 'Patrols', label: 'Record a visit', about: 'On a phone or a desk' }, load: async () => (await import('./recordVisit.ts')).recordVisitPage },
  { path: '/visits/file', allow: 'recordVisits', load: async () => (await import('./visitFile.ts')).visitFilePage },
  { path: '/tracks', allow: 'recordVisits', nav: { section: 'Patrols', label: 'Send a track', about: 'A GPX file looked through for visits' }, load: async () => (await import('./tracks.ts')).tracksPage },
  { path: '/visits/missed', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Missed visits', about: 'What was planned and not made, and why' }, load: async () => (await import('./missedVisits.ts')).missedVisitsPage },
  { path: '/visits/changes', allow: 'seePatrols', load: async () => (await import('./visitChanges.ts')).visitChangesPage },
  { path: '/visits/:id', allow: 'seePatrols', load: async () => (await import('./visitCorrect.ts')).visitCorrectPage },
  { path: '/phone', allow: 'recordVisits', nav: { section: 'Patrols', label: 'Phone page', about: 'Three taps to a visit, also without a connection' }, load: async () => (await import('./phoneDoor.ts')).phoneDoor },
  { path: '/phone-lists', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Phone lists', about: 'Reasons, prompts and devices wardens are offered' }, load: async () => (await import('./phoneLists.ts')).phoneListsPage },
  { path: '/dosage', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Planned and delivered', about: 'Person-hours by hotspot and week' }, load: async () => (await import('./dosage.ts')).dosagePage },
  { path: '/allocation', allow: 'seeMoney', nav: { section: 'Patrols', label: 'Allocation', about: 'What a week’s money buys, where and when' }, load: async () => (await import('./allocation.ts')).allocationPage },
  { path: '/allocation/compare', allow: 'seeMoney', load: async () => (await import('./allocationCompare.ts')).allocationComparePage },
  { path: '/allocation/:id', allow: 'seeMoney', load: async () => (await import('./allocationRun.ts')).allocationRunPage },
  { path: '/wardens', allow: 'seePatrols', nav: { section: 'Patrols', label: 'Wardens', about: 'By reference, and the first day of patrols' }, load: async () => (await import('./wardens.ts')).wardensPage },
  { path: '/wardens/:id', allow: 'manageWardens', load: async () => (await import('./wardenTerms.ts')).wardenTermsPage },
  { path: '/rotas', allow: 'seeRotas', nav: { section: 'Patrols', label: 'Rotas', about: 'Who works which shift, with every breach named' }, load: async () => (await import('./rotas.ts')).rotasPage },
  { path: '/rotas/:id', allow: 'planRotas', load: async () => (await import('./rota.ts')).rotaPage },
  { path: '/rotas/:id/published', allow: 'seeRotas', load: async () => (await import('./rotaPublished.ts')).rotaPublishedPage },
  { path: '/own-shifts', allow: 'useOwnShifts', nav: { section: 'Patrols', label: 'Own shifts', about: 'Published shifts, swaps and cover, and a calendar' }, load: async () => (await import('./rotaOwn.ts')).ownShiftsPage },
  { path: '/agreements', allow: 'seeMoney', nav: { section: 'Money', label: 'Agreements', about: 'Ceilings, commitments, what is left, rates' }, load: async () => (await import('./agreements.ts')).agreementsPage },
  { path: '/agreements/new', allow: 'changeAgreements', load: async () => (await import('./agreementNew.ts')).newAgreementPage },
  { path: '/claims', allow: 'seeMoney', nav: { section: 'Money', label: 'Claims', about: 'What councils ask to be paid, what is late, and who has the next step' }, load: async () => (await import('./claims.ts')).claimsPage },
  { path: '/claims/:id', allow: 'seeMoney', load: async () => (await import('./claim.ts')).claimPage },
  { path: '/agreements/:id/claims', allow: 'seeMoney', load: async () => (await import('./claims.ts')).claimsPage },
  { path: '/agreements/:id', allow: 'seeMoney', load: async () => (await import('./agreement.ts')).agreementPage },
  { path: '/agreements/:id/terms', allow: 'seeMoney', load: async () => (await import('./terms.ts')).termsPage },
  { path: '/agreements/:id/variations/new', allow: 'proposeVariations', load: async () => (await import('./variationNew.ts')).newVariationPage },
  { path: '/variations/:id', allow: 'seeMoney', load: async () => (await import('./variation.ts')).variationPage },
  { path: '/variations/:id/change', allow: 'proposeVariations', load: async () => (await import('./variationNew.ts')).changeVariationPage },
  { path: '/agreements/:id/closure', allow: 'seeMoney', load: async () => (await import('./closure.ts')).closurePage },
  { path: '/agreements/:id/hours', allow: 'seeMoney', load: async () => (await import('./hours.ts')).hoursPage },
  { path: '/agreements/:id/ledger', allow: 'seeMoney', load: async () => (await import('./ledger.ts')).ledgerPage },
  { path: '/agreements/:id/forecast', allow: 'seeForecast', load: async () => (await import('./forecastAgreement.ts')).agreementForecastPage },
  { path: '/forecast', allow: 'seeForecast', nav: { section: 'Money', label: 'Forecast', about: 'What will be spent, what will be left, and why' }, load: async () => (await import('./forecast.ts')).forecastPage },
  { path: '/reallocations', allow: 'seeMoney', nav: { section: 'Money', label: 'Reallocations', about: 'Money moved between agreements and heads, with its decisions' }, load: async () => (await import('./reallocations.ts')).reallocationsPage },
  { path: '/reallocations/new', allow: 'proposeReallocations', load: async () => (await import('./reallocationNew.ts')).newReallocationPage },
  { path: '/reallocations/notices', allow: 'seeNotices', load: async () => (await import('./reallocationNotices.ts')).reallocationNoticesPage },
  { path: '/reallocations/:id', allow: 'seeMoney', load: async () => (await import('./reallocation.ts')).reallocationPage },
  { path: '/funds/new', allow: 'changeAgreements', load: async () => (await import('./agreementNew.ts')).newFundPage },
  { path: '/funds/:id', allow: 'seeMoney', load: async () => (await import('./agreementFund.ts')).fundPage },
  { path: '/money-lists', allow: 'seeMoney', nav: { section: 'Money', label: 'Lists', about: 'Budget heads, costs never claimed, how long records are kept' }, load: async () => (await import('./moneyLists.ts')).moneyListsPage },
  { path: '/bank-holidays', allow: 'changeAgreements', load: async () => (await import('./agreementNew.ts')).bankHolidaysPage },
  { path: '/map', allow: 'seeMap', nav: { section: 'Map', label: 'Map', about: 'Where incidents gather, by period, council and category' }, load: async () => (await import('./map.ts')).mapPage },
  { path: '/hotspots', allow: 'seeMap', nav: { section: 'Hotspots', label: 'Agreed hotspots', about: 'The areas patrols go to, their dates and their baselines' }, load: async () => (await import('./hotspots.ts')).hotspotsPage },
  { path: '/hotspots/:id/change', allow: 'adoptHotspots', load: async () => (await import('./hotspotChange.ts')).hotspotChangePage },
  { path: '/hotspots/:id', allow: 'seeMap', load: async () => (await import('./hotspot.ts')).hotspotPage },
  { path: '/analysis', allow: 'seeAnalyses', nav: { section: 'Hotspots', label: 'Find hotspots', about: 'Rank cells, see how sure each rank is, adopt places' }, load: async () => (await import('./analysis.ts')).analysisPage },
  { path: '/analysis/:id/refresh', allow: 'seeAnalyses', load: async () => (await import('./hotspotRefresh.ts')).hotspotRefreshPage },
  { path: '/analysis/:id/trial', allow: 'seeAnalyses', load: async () => (await import('./hotspotTrial.ts')).hotspotTrialPage },
  { path: '/refreshes', allow: 'seeAnalyses', nav: { section: 'Hotspots', label: 'Refresh', about: 'A run laid beside the agreed set: kept, new, dropped, and what was decided' }, load: async () => (await import('./hotspotRefreshes.ts')).hotspotRefreshesPage },
  { path: '/analysis/compare', allow: 'seeAnalyses', load: async () => (await import('./analysisCompare.ts')).analysisComparePage },
  { path: '/analysis/:id', allow: 'seeAnalyses', load: async () => (await import('./analysisRun.ts')).analysisRunPage },
  { path: '/analysis/:id/report', allow: 'seeAnalyses', load: async () => (await import('./analysisReport.ts')).analysisReportPage },
  { path: '/explore', allow: 'seeMap', nav: { section: 'Map', label: 'Explore', about: 'Move bandwidth, period, size and threshold, and watch the map follow' }, load: async () => (await import('./explore.ts')).explorePage },
  { path: '/persistence', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Persistence', about: 'Which places are hot month after month, new, or fading' }, load: async () => (await import('./persistence.ts')).persistencePage },
  { path: '/concentration', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Concentration', about: 'What share of places holds most incidents' }, load: async () => (await import('./concentration.ts')).concentrationPage },
  { path: '/back-test', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Back-test', about: 'How well places chosen beforehand caught what came' }, load: async () => (await import('./backTest.ts')).backTestPage },
  { path: '/profile', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'By hour', about: 'Day of the week and hour, from sources that know the time' }, load: async () => (await import('./profile.ts')).profilePage },
  { path: '/seasons', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Seasons', about: 'How much of a year each calendar month holds' }, load: async () => (await import('./seasons.ts')).seasonsPage },
  { path: '/near-repeats', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Near repeats', about: 'Whether incidents follow one another nearby, from sources that know the day' }, load: async () => (await import('./nearRepeats.ts')).nearRepeatsPage },
  { path: '/repeats', allow: 'seeInsight', nav: { section: 'Hotspots', label: 'Repeat locations', about: 'Points with several incidents, and what one point stands for' }, load: async () => (await import('./repeats.ts')).repeatsPage },
  { path: '/data', allow: 'seeDataQuality', nav: { section: 'Data', label: 'Data held', about: 'Import files; what is held by source and month; what was refused' }, load: async () => (await import('./data.ts')).dataPage },
  { path: '/data/quality', allow: 'seeDataQuality', nav: { section: 'Data', label: 'Data quality', about: 'Rows in and out, precision, excluded geocodes, recording changes and gaps' }, load: async () => (await import('./dataQuality.ts')).dataQualityPage },
  { path: '/data/sources', allow: 'seeDataQuality', nav: { section: 'Data', label: 'Sources and subtypes', about: 'What each source counts, and which categories belong to which subtype' }, load: async () => (await import('./dataSources.ts')).dataSourcesPage },
  { path: '/interventions', allow: 'seeMap', nav: { section: 'Data', label: 'Interventions', about: 'What else was done or happened, where and when' }, load: async () => (await import('./interventions.ts')).interventionsPage },
  { path: '/jobs', allow: 'seeJobs', nav: { section: 'Data', label: 'Long work', about: 'What runs in the background, how far it is, and how it ended' }, load: async () => (await import('./jobs.ts')).jobsPage },
  { path: '/people', allow: 'seePeople', nav: { section: 'Administration', label: 'People', about: 'Who may sign in, in which roles' }, load: async () => (await import('./people.ts')).peoplePage },
  { path: '/people/:id', allow: 'seePeople', load: async () => (await import('./person.ts')).personPage },
  { path: '/audit', allow: 'seeAudit', nav: { section: 'Administration', label: 'Audit trail', about: 'Who did what, when and why' }, load: async () => (await import('./audit.ts')).auditPage },
  { path: '/audit/digests', allow: 'checkAudit', load: async () => (await import('./auditDigests.ts')).auditDigestsPage },
  { path: '/settings', allow: 'seeSettings', nav: { section: 'Administration', label: 'Settings', about: 'Thresholds and defaults, with their dates and sources' }, load: async () => (await import('./settings.ts')).settingsPage },
  { path: '/settings/:name', allow: 'seeSettings', load: async () => (await import('./settings.ts')).settingPage },
  { path: '/styles', allow: 'anyone', load: async () => (await import('./styles.ts')).styles },
];
