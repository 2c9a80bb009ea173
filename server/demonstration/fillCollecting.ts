/** How far four councils are with November 2023: one accepted, one asked for changes, one under way, one not begun. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import type { SectionStepKind } from '../returns/collectContract.ts';
import * as queries from '../returns/collectQueries.ts';
import { loadMonths } from '../returns/collectWork.ts';

export const collectingMonth = '2023-11';
const day = (date: string): Date => new Date(`${date}T10:00:00Z`);

interface Story {
  readonly councilCode: string;
  readonly on: string;
  readonly sections: readonly string[];
  readonly narrative?: string;
  /** What the office answered, by section. */
  readonly answers?: Readonly<Record<string, readonly [SectionStepKind, string]>>;
  /** Whether what was confirmed is also sent. */
  readonly sends: boolean;
}

const all = ['patrols', 'actions', 'incidents', 'money', 'words'];
const stories: readonly Story[] = [
  { councilCode: 'E06000001', on: '2023-12-05', sections: all, sends: true, narrative: 'Patrols kept to the town centre in the evenings (demonstration text).', answers: Object.fromEntries(all.map((code) => [code, ['accepted', ''] as const])) },
  { councilCode: 'E06000002', on: '2023-12-06', sections: all, sends: true, narrative: 'Two wardens started in the month (demonstration text).', answers: { actions: ['changesRequested', 'Warnings are many more than last month: what was counted?'], patrols: ['accepted', ''] } },
  { councilCode: 'E06000004', on: '2023-12-07', sections: ['patrols'], sends: false },
];

/** The months are put together once: what is said of them is written as the pages would write it. */
export async function fillCollecting(trx: Knex.Transaction): Promise<void> {
  const office = await actorOf(trx, 'manager@opcc.demo', 'grant_manager');
  const { months } = await loadMonths(trx, { month: collectingMonth, councils: ['*'], now: day('2023-12-08') });
  for (const story of stories) {
    const own = months.find(({ councilCode }) => councilCode === story.councilCode);
    const lead = await leadOf(trx, story.councilCode);
    const by = { month: collectingMonth, councilCode: story.councilCode, by: lead.personId, at: day(story.on) };
    if (story.narrative) await queries.insertText(trx, { ...by, kind: 'narrative', text: story.narrative });
    for (const section of own?.sections.filter(({ code }) => story.sections.includes(code)) ?? []) {
      await queries.insertFigures(trx, section.figures.map(({ field, part, counted, mustExplain }) => ({
        ...by, field, part, counted, value: counted, hotspots: {}, reason: '', explanation: mustExplain ? 'As the rota of the month had it (demonstration text)' : '', origin: 'page' as const,
      })));
      for (const step of story.sends ? (['readied', 'submitted'] as const) : []) await queries.insertStep(trx, { ...by, section: section.code, step, reason: '' });
      const [answer, reason] = story.answers?.[section.code] ?? [];
      if (answer !== undefined && reason !== undefined) await queries.insertStep(trx, { ...by, section: section.code, step: answer, reason, by: office.personId, at: day('2023-12-08') });
      await recordEvent(trx, lead, { action: 'returnFiguresConfirmed', subjectKind: 'return_section', subjectId: `${collectingMonth} ${story.councilCode} ${section.code}`, councilCode: story.councilCode, after: { figures: section.figures.length, corrected: [] } });
    }
  }
}

async function actorOf(db: Knex, email: string, role: string): Promise<Actor> {
  const row: { id: string } | undefined = await db('person').where({ email }).first('id');
  return { personId: row?.id ?? null, role };
}

async function leadOf(db: Knex, councilCode: string): Promise<Actor> {
  const row: { id: string } | undefined = await db('person').join('organisation', 'organisation.id', 'person.organisation_id').join('role_grant', 'role_grant.person_id', 'person.id')
    .where({ 'organisation.council_code': councilCode, 'role_grant.role': 'council_lead' }).orderBy('person.email').first('person.id');
  return { personId: row?.id ?? null, role: 'council_lead' };
}
