/** How far four councils are with November 2023: one accepted, one asked for changes, one under way, one not begun. */
import type { Knex } from 'knex';
import type { Actor } from '../audit.ts';
import type { CouncilSection, SectionStepKind } from '../returns/collectContract.ts';
import { type CollectContext, confirm, loadCouncilMonth, step, writeWords } from '../returns/collectWork.ts';

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

export async function fillCollecting(trx: Knex.Transaction): Promise<void> {
  const office = await actorOf(trx, 'manager@opcc.demo', 'grant_manager');
  for (const story of stories) {
    const lead = await leadOf(trx, story.councilCode);
    const asked = { month: collectingMonth, councilCode: story.councilCode };
    const context: CollectContext = { db: trx, actor: lead, councils: [story.councilCode], now: day(story.on) };
    const { own } = await loadCouncilMonth(context, asked);
    if (story.narrative) await writeWords(context, { ...asked, kind: 'narrative', text: story.narrative });
    for (const section of own.sections.filter(({ code }) => story.sections.includes(code))) await confirmAll(context, asked, section);
    if (!story.sends) continue;
    for (const section of story.sections) {
      for (const each of ['readied', 'submitted'] as const) await step(context, { ...asked, section, step: each, reason: '' });
    }
    for (const [section, [answer, reason]] of Object.entries(story.answers ?? {})) await step({ ...context, actor: office, councils: ['*'], now: day('2023-12-08') }, { ...asked, section, step: answer, reason });
  }
}

async function confirmAll(context: CollectContext, asked: { month: string; councilCode: string }, section: CouncilSection): Promise<void> {
  if (section.figures.length === 0) return;
  const figures = section.figures.map(({ field, part, mustExplain }) => ({ field, part, reason: '', explanation: mustExplain ? 'As the rota of the month had it (demonstration text)' : '' }));
  await confirm(context, { ...asked, section: section.code, seen: section.seen, figures });
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
