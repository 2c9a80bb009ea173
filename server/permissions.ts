/**
 * Who may do what: the one table that drives `allow` on every endpoint, the buttons on screens and the OpenAPI text.
 * Imports nothing, so that server, client and tests read the same rows.
 */

export const roles = [
  'grant_manager', 'finance_approver', 'analyst', 'council_lead', 'council_finance', 'warden', 'auditor', 'administrator', 'public',
] as const;
export type Role = (typeof roles)[number];

export const roleNames: Record<Role, string> = {
  grant_manager: 'Grant manager',
  finance_approver: 'Finance approver',
  analyst: 'Analyst',
  council_lead: 'Council lead',
  council_finance: 'Council finance officer',
  warden: 'Warden',
  auditor: 'Auditor',
  administrator: 'Administrator',
  public: 'Public',
};

interface Rule {
  readonly says: string;
  readonly roles: readonly Role[];
  /** Set where being signed in is enough, with or without a role. */
  readonly signedIn?: true;
}

const opcc = ['grant_manager', 'finance_approver', 'analyst', 'auditor'] as const;
const council = ['council_lead', 'council_finance'] as const;
const everyone: readonly Role[] = roles;
const signedIn: readonly Role[] = roles.filter((role) => role !== 'public');

export const permissions = {
  /** Anybody, signed in or not. */
  anyone: { says: 'Use the sign-in page and public pages', roles: everyone },
  useOwnAccount: { says: 'See and end their own sessions, change their own password', roles: signedIn, signedIn: true },
  seeMap: { says: 'See the map, hot cells and agreed hotspots', roles: [...opcc, ...council, 'warden'] },
  importData: { says: 'Import incidents, boundaries, population and deprivation', roles: ['analyst', 'grant_manager'] },
  seeDataQuality: { says: 'See what was imported and what was refused', roles: [...opcc, ...council] },
  keepDataNotes: { says: 'Keep weights, subtypes, excluded geocodes and notes of recording changes', roles: ['analyst', 'grant_manager'] },
  keepInterventions: { says: 'Keep the log of interventions', roles: ['analyst', 'grant_manager', 'council_lead'] },
  runAnalysis: { says: 'Run an analysis', roles: ['analyst', 'grant_manager'] },
  seeAnalyses: { says: 'See analyses, their ranked cells and their candidates', roles: [...opcc] },
  seeInsight: { says: 'See concentration, back-tests, profiles by hour and repeat locations', roles: [...opcc, ...council] },
  adoptHotspots: { says: 'Adopt hotspots from an analysis', roles: ['analyst', 'grant_manager'] },
  seeMoney: { says: 'See agreements, rates and what is left', roles: [...opcc, ...council] },
  changeAgreements: { says: 'Make and change funds, agreements and rates', roles: ['grant_manager'] },
  addDocuments: { says: 'Add documents and evidence, withdraw what was added by mistake', roles: ['grant_manager', 'finance_approver', ...council] },
  keepTerms: { says: 'Enter an agreement’s terms, signatories and conditions, and move its state', roles: ['grant_manager'] },
  reportConditions: { says: 'Say that a condition of an agreement is met, with what shows it', roles: ['grant_manager', ...council] },
  acceptConditions: { says: 'Accept that a condition is met, as a second person', roles: ['grant_manager', 'finance_approver'] },
  proposeVariations: { says: 'Propose a variation of an agreement', roles: ['grant_manager'] },
  agreeVariations: { says: 'Agree to a variation for the council', roles: ['council_finance'] },
  approveVariations: { says: 'Approve a variation for the Commissioner', roles: ['finance_approver'] },
  withdrawVariations: { says: 'Withdraw or turn down a variation, with a reason', roles: ['grant_manager', 'finance_approver', 'council_finance'] },
  keepLedger: { says: 'Open ledgers, post and reverse journals, submit, lock and unlock periods', roles: ['grant_manager', 'finance_approver'] },
  prepareClaims: { says: 'Prepare claims and reply to queries about them', roles: [...council] },
  submitClaims: { says: 'Submit claims for payment', roles: ['council_finance'] },
  queryClaims: { says: 'Ask a council about a claim', roles: ['grant_manager', 'finance_approver'] },
  approveClaims: { says: 'Approve, cut, refuse and adjust claims', roles: ['finance_approver'] },
  payClaims: { says: 'Record payments and recoveries of claims', roles: ['finance_approver'] },
  seeForecast: { says: 'See forecasts, causes of underspend and alerts', roles: [...opcc, ...council] },
  makeForecasts: { says: 'Make forecasts and keep them', roles: ['grant_manager', 'finance_approver'] },
  planStaffing: { says: 'Say how many posts an agreement pays for', roles: ['grant_manager', 'council_lead'] },
  explainUnderspend: { says: 'Enter causes of underspend', roles: ['grant_manager', 'council_lead', 'council_finance'] },
  sendForecasts: { says: 'Enter a council’s quarterly actual and forecast', roles: ['grant_manager', 'council_finance'] },
  overrideRatings: { says: 'Override a computed rating with a reason', roles: ['grant_manager'] },
  acknowledgeAlerts: { says: 'Acknowledge alerts of underspend', roles: ['grant_manager', 'finance_approver'] },
  acknowledgeDeliveryAlerts: { says: 'Acknowledge alerts of patrols that lag behind their plan', roles: ['council_lead', 'grant_manager'] },
  keepPriorities: { says: 'Say what comes first at a hotspot', roles: ['council_lead', 'grant_manager'] },
  planPatrols: { says: 'Allocate hours and plan visits', roles: ['council_lead', 'grant_manager'] },
  seePatrols: { says: 'See visits, planned and delivered hours', roles: [...opcc, ...council, 'warden'] },
  recordVisits: { says: 'Record visits and actions', roles: ['warden', 'council_lead'] },
  keepPhoneLists: { says: 'Keep what the phone page prompts wardens with', roles: ['council_lead', 'grant_manager'] },
  seeRotas: { says: 'See published rotas and their breaches, by reference', roles: ['grant_manager', 'auditor', ...council] },
  planRotas: { says: 'Make, change and publish rotas, grant swaps and cover', roles: ['council_lead'] },
  useOwnShifts: { says: 'See their own shifts, ask for a swap or cover, and subscribe to them', roles: ['warden'] },
  manageWardens: { says: 'Keep the list of wardens', roles: ['council_lead'] },
  keepAssets: { says: 'Keep the register of what was bought with a grant', roles: ['grant_manager', ...council] },
  closeAgreements: { says: 'Reconcile and close agreements', roles: ['grant_manager'] },
  approveClosure: { says: 'Approve that an agreement continues, is amended or closes', roles: ['finance_approver'] },
  explainHours: { says: 'Explain hours that the check refuses', roles: [...council] },
  acceptHours: { says: 'Accept refused hours that somebody else explained', roles: ['finance_approver'] },
  correctVisits: { says: 'Correct a recorded visit', roles: ['council_lead'] },
  setPatrolStart: { says: 'Say when a council’s patrols start', roles: ['council_lead', 'grant_manager'] },
  proposeReallocations: { says: 'Propose and withdraw reallocations and virements; word the decision notices', roles: ['grant_manager'] },
  agreeReallocations: { says: 'Agree to a reallocation for their council or police force', roles: ['council_finance'] },
  approveReallocations: { says: 'Approve reallocations that another person proposed', roles: ['finance_approver'] },
  seeNotices: { says: 'See drafted decision notices', roles: [...opcc] },
  seeReturns: { says: 'See monitoring returns and the rows behind them', roles: [...opcc, ...council] },
  sendMonths: { says: 'Confirm, correct, upload and submit their council’s month', roles: [...council] },
  consolidateReturns: { says: 'See the councils’ months in one, with their conflicts', roles: [...opcc] },
  makeReturns: { says: 'Make a monitoring return, ask for its sign-off and enter the funder’s answer', roles: ['grant_manager'] },
  certifyReturns: { says: 'Certify a monitoring return that another person prepared', roles: ['finance_approver', 'grant_manager'] },
  keepDefinitions: { says: 'Keep the definitions of returns and their templates', roles: ['grant_manager'] },
  enterPublishedTables: { says: 'Enter tables that others published', roles: ['grant_manager', 'analyst'] },
  seeReports: { says: 'See partnership, ward, tasking and scrutiny reports', roles: [...opcc, ...council] },
  seeEquality: { says: 'See equality actions and how many wardens are trained', roles: [...opcc, ...council] },
  keepEquality: { says: 'Add equality actions and say how far they are', roles: ['grant_manager', 'analyst'] },
  keepTasking: { says: 'Say who looks after a hotspot in a month and what they do', roles: ['grant_manager', 'analyst', 'council_lead'] },
  seePublications: { says: 'See what is drafted for the public, released and given to the press', roles: [...opcc] },
  seePartnersPage: { says: 'See what was released to partners', roles: [...opcc, ...council, 'warden'] },
  preparePublications: { says: 'Draft what is published, enter its reasons and propose how far a layer may go', roles: ['grant_manager', 'analyst'] },
  releasePublications: { says: 'Release, as another person than prepared it, what is published and how far a layer may go; withdraw it', roles: ['finance_approver', 'grant_manager'] },
  keepPressFigures: { says: 'Keep the register of figures given to the press', roles: ['grant_manager', 'analyst'] },
  makeInformationPacks: { says: 'Make packs for requests under the Freedom of Information Act', roles: ['grant_manager', 'auditor'] },
  seePeople: { says: 'See who has an account, in which roles', roles: ['administrator', 'auditor'] },
  managePeople: { says: 'Add, disable and change people', roles: ['administrator'] },
  seeSettings: { says: 'See thresholds and defaults with their dates', roles: [...opcc, ...council] },
  changeSettings: { says: 'Change thresholds and defaults', roles: ['grant_manager'] },
  cancelJobs: { says: 'Stop long work', roles: ['grant_manager', 'analyst', 'council_lead'] },
  seeJobs: { says: 'See long work and how far it is', roles: [...opcc, 'council_lead'] },
  seeTimeline: { says: 'See what happened to a thing they may see', roles: [...opcc, ...council, 'administrator'] },
  seeAudit: { says: 'Read the audit trail; administrators what happened to people and accounts', roles: ['auditor', 'administrator'] },
  checkAudit: { says: 'Check the daily digests of the audit trail', roles: ['auditor'] },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;

/** True when any of the roles held is on the permission's row, or when being signed in is enough and `isSignedIn`. */
export function may(held: readonly Role[], permission: Permission, isSignedIn = false): boolean {
  const rule: Rule = permissions[permission];
  return rule.roles.includes('public') || (isSignedIn && rule.signedIn === true) || held.some((role) => rule.roles.includes(role));
}
