/** The councils' months put together: figures, conflicts with what was said of them, words; and the refusal to certify over a conflict that nobody explained. */
import type { Knex } from 'knex';
import { AppError } from '../errors.ts';
import type { Consolidation, Flag } from './collectContract.ts';
import { listExplanations, listTexts } from './collectQueries.ts';
import { textNames } from './collectSections.ts';
import { loadMonths, type LoadedMonths } from './collectWork.ts';
import { consolidatedFigures, flagsOf, pairOf, type ToConsolidate } from './consolidate.ts';
import { claimedMinutes, claimedMoney } from './consolidateQueries.ts';
import { sayMonth } from './words.ts';

export interface Asked {
  readonly month: string;
  readonly councils: readonly string[];
  readonly now: Date;
}

async function load(db: Knex, asked: Asked, from?: LoadedMonths): Promise<ToConsolidate & LoadedMonths> {
  const loaded = from ?? (await loadMonths(db, asked));
  return { ...loaded, claimedMinutes: await claimedMinutes(db, asked.month, asked.councils), claimedMoney: await claimedMoney(db, asked.month, asked.councils) };
}

/** Every conflict with what stands as its explanation: the office's for these two figures, or the council's own reason for them. */
async function explained(db: Knex, month: string, given: ToConsolidate): Promise<Flag[]> {
  const known = new Map((await listExplanations(db, month)).map((row) => [row.flag, row]));
  return flagsOf(given).map((flag) => {
    const row = known.get(flag.key);
    const holds = row !== undefined && (row.pair === null || row.pair === pairOf(flag));
    return { ...flag, explanation: row?.explanation ?? '', explainedBy: row?.by ?? null, explainedAt: row?.at ?? null, open: !holds && flag.councilSays === '' };
  });
}

export async function consolidate(db: Knex, asked: Asked): Promise<Consolidation> {
  const given = await load(db, asked);
  const { months } = given;
  const texts = await listTexts(db, asked.month, asked.councils);
  const office = (['narrative', 'risks', 'issues'] as const).map((kind) => {
    const row = texts.find((text) => text.councilCode === null && text.kind === kind);
    return { kind, name: textNames[kind], text: row?.text ?? '', by: row?.by ?? null, at: row?.at ?? null };
  });
  return {
    month: asked.month,
    councils: months.map(({ councilCode, council, started, sections }) => ({ code: councilCode, name: council, started, sections: sections.map(({ code, state }) => ({ code, state })) })),
    sections: (months[0]?.sections ?? []).map(({ code, name }) => ({ code, name })),
    figures: consolidatedFigures(given),
    flags: await explained(db, asked.month, given),
    texts: office,
    councilTexts: texts.flatMap((text) => {
      const council = months.find(({ councilCode }) => councilCode === text.councilCode)?.council;
      return council && text.text !== '' ? [{ council, kind: text.kind, name: textNames[text.kind], text: text.text }] : [];
    }),
  };
}

/** How many conflicts of each council nobody explained, of months that were loaded already. */
export async function openConflicts(db: Knex, asked: Asked, loaded: LoadedMonths): Promise<ReadonlyMap<string, number>> {
  const open = (await explained(db, asked.month, await load(db, asked, loaded))).filter((flag) => flag.open && flag.councilCode !== null);
  return new Map(loaded.months.map(({ councilCode }) => [councilCode, open.filter((flag) => flag.councilCode === councilCode).length]));
}

/** Refuses to certify a month's return while a conflict between its figures is not explained; every one is named. */
export async function refuseUnexplained(db: Knex, asked: Asked): Promise<void> {
  const open = (await explained(db, asked.month, await load(db, asked))).filter((flag) => flag.open);
  if (open.length === 0) return;
  const named = open.map(({ council, figure, kind }) => `${council}, ${figure} (${kind})`);
  throw new AppError(409, 'conflicts_unexplained', `${open.length === 1 ? 'One conflict' : `${open.length} conflicts`} in ${sayMonth(asked.month)} ${open.length === 1 ? 'is' : 'are'} not explained: ${named.join('; ')}. Explain ${open.length === 1 ? 'it' : 'each'} on the page that puts the councils together, or have the figure corrected; then certify.`);
}
