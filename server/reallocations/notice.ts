/** The words of a decision notice, filled from the rows of a reallocation and nothing else. Pure. */
import { pounds } from '../terms/terms.ts';
import type { Reallocation } from './contract.ts';

export interface NoticeFacts {
  readonly reallocation: Reallocation;
  readonly funder: string;
  /** What is agreed under the fund in all. */
  readonly agreedPence: number;
}

/** The places of a template and what stands in each. */
export const places: Readonly<Record<string, string>> = {
  title: 'What is moved, with the fund', reference: 'The decision’s reference', fund: 'The fund', funder: 'Who pays the fund', decision: 'One sentence: how much, from whom to whom',
  reason: 'The reason given when it was proposed', underspend: 'The forecast underspend it was proposed on', figures: 'One line for each agreement and head: before, change, after',
  total: 'The sum moved', agreed: 'What is agreed under the fund', consent: 'The funder’s consent with its day', 'agreed by': 'Who agreed, with the day',
  'proposed on': 'Day', 'approved on': 'Day', 'effective from': 'Day', number: 'The number of the reallocation in its fund',
};

const blank = '[to be entered]';

/** The places in a text that the notice has no figure for. */
export const unknownPlaces = (body: string): string[] => [...body.matchAll(/\{([^{}\n]*)\}/g)].map(([, name = '']) => name).filter((name) => !(name in places));

/** Fills a template. What is not there yet is left to be entered, and named in `missing`; the parties must be all of them. */
export function draftNotice(body: string, facts: NoticeFacts): { title: string; text: string; missing: string[] } {
  const values = valuesOf(facts);
  const used = [...body.matchAll(/\{([^{}\n]*)\}/g)].map(([, name = '']) => name);
  const missing = [...new Set(used)].filter((name) => (values[name] ?? blank).includes(blank)).map((name) => places[name] ?? name);
  const text = body.replace(/\{([^{}\n]*)\}/g, (_, name: string) => values[name] ?? blank);
  return { title: values['title'] ?? '', text: `${text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim()}\n`, missing };
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
/** 2023-11-20 -> 20 November 2023. */
function sayDay(instant: string | null): string {
  const [year = '', month = '', day = ''] = (instant ?? '').slice(0, 10).split('-');
  return instant === null ? blank : `${Number(day)} ${months[Number(month) - 1]} ${year}`;
}

const list = (names: readonly string[]): string => (names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? ''));

function valuesOf({ reallocation, funder, agreedPence }: NoticeFacts): Record<string, string> {
  const { parties, kind, fund, number } = reallocation;
  const lines = parties.flatMap((party) => party.lines);
  const totalPence = lines.reduce((sum, { amountPence }) => sum + Math.max(0, amountPence), 0);
  const withMark = (wanted: 1 | -1): string[] => parties.filter(({ netPence }) => Math.sign(netPence) === wanted).map(({ council, netPence }) => `${council} (${pounds(Math.abs(netPence))})`);
  const inside = parties.filter(({ movedPence }) => movedPence > 0).map(({ council, movedPence }) => `${pounds(movedPence)} between heads of the agreement with ${council}`);
  const between = withMark(-1).length > 0 ? [`${pounds(parties.reduce((sum, { netPence }) => sum + Math.max(0, netPence), 0))} from ${list(withMark(-1))} to ${list(withMark(1))}`] : [];
  const known = parties.flatMap(({ council, figures }) => (figures?.underspend ? [{ council, ...figures }] : []));
  return {
    title: `${kind === 'virement' ? 'Virement' : 'Reallocation'} ${number} of ${pounds(totalPence)}: ${fund}`,
    reference: reallocation.decisionReference ?? blank, fund, funder, number: String(number), reason: reallocation.reason,
    decision: `To move ${list([...between, ...inside])}, from ${sayDay(reallocation.effectiveFrom)}.`,
    underspend: known.length === 0 ? '' : `Forecast on ${sayDay(known[0]?.knownOn ?? null)} to stay unspent: ${list(known.map(({ council, underspend }) => `${council} ${pounds(underspend?.centralPence ?? 0)}`))}.`,
    figures: parties.map(partyFigures).join('\n'), total: pounds(totalPence), agreed: pounds(agreedPence),
    consent: reallocation.funderConsent ? `${reallocation.funderConsent}${reallocation.funderConsentOn ? `, ${sayDay(reallocation.funderConsentOn)}` : ''}` : kind === 'virement' ? 'not needed within one agreement' : blank,
    'agreed by': list(parties.map(({ council, answer, answeredAt }) => `${council} ${answer === 'agreed' ? `on ${sayDay(answeredAt)}` : blank}`)),
    'proposed on': sayDay(reallocation.proposedAt), 'approved on': sayDay(reallocation.approvedAt), 'effective from': sayDay(reallocation.effectiveFrom),
  };
}

const signed = (pence: number): string => `${pence > 0 ? '+' : ''}${pounds(pence)}`;

function partyFigures({ council, reference, ceilingPence, netPence, lines }: Reallocation['parties'][number]): string {
  const heads = lines.map(({ head, budgetPence, amountPence }) => `  ${head || 'Not under a head'}: ${pounds(budgetPence)}, ${signed(amountPence)}, then ${pounds(budgetPence + amountPence)}`);
  return [`${council}, ${reference}: up to ${pounds(ceilingPence)}, ${netPence === 0 ? 'unchanged' : `${signed(netPence)}, then up to ${pounds(ceilingPence + netPence)}`}`, ...heads].join('\n');
}
