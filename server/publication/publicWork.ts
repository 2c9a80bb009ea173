/** Answers for anybody who asks, under a scope that sees released versions and nothing else. */
import type { Knex } from 'knex';
import { inScope } from '../database.ts';
import { localDay } from '../patrols/visits.ts';
import { settingsOn } from '../settings/queries.ts';
import { isWards, publicationKindNames, type PublicationContent, type WardsContent } from './contract.ts';
import { findPublisher } from './draftQueries.ts';
import { filesOf } from './publishedFiles.ts';
import { councilPage, easyReadPage, filesPage, frontPage, missingPage, type PublicFacts } from './publicPages.ts';
import { contentOf, listReleased, openLayers, type Released } from './queries.ts';
import { limitTo } from './wardFigures.ts';

export interface PublicAnswer {
  readonly status: 200 | 404;
  readonly type: string;
  readonly body: string | Buffer;
  /** Set where the browser keeps it as a file. */
  readonly fileName?: string;
}

const anybody = { personId: null, roles: ['public'], councils: [] } as const;
const keptMs = 15_000;
const mostKept = 100;

/** Answers by path; what was found is kept a few seconds, so that many readers at once cost one. */
export function publicAnswers(db: Knex, now: () => Date): (path: string) => Promise<PublicAnswer> {
  const kept = new Map<string, { at: number; answer: PublicAnswer }>();
  return async (path) => {
    const at = performance.now();
    const found = kept.get(path);
    if (found && at - found.at < keptMs) return found.answer;
    const answer = await inScope(db, anybody, (trx) => answerFor(trx, path, localDay(now().toISOString())));
    if (kept.size >= mostKept) kept.clear();
    if (answer.status === 200) kept.set(path, { at, answer });
    return answer;
  };
}

async function answerFor(db: Knex.Transaction, path: string, today: string): Promise<PublicAnswer> {
  const [first = '', month = '', name = '', ...rest] = path.split('/').filter(Boolean);
  const released = await listReleased(db);
  if (first === 'files' && name !== '' && rest.length === 0) return (await fileAnswer(db, released, { month, name, today })) ?? answerOf(missingPage(await factsOf(db, released, today)), 404);
  const facts = await factsOf(db, released, today);
  const made = month !== '' ? undefined : first === '' ? frontPage(facts) : first === 'easy-read' ? easyReadPage(facts) : first === 'files' ? filesPage(facts) : councilPage(facts, first);
  return made === undefined ? answerOf(missingPage(facts), 404) : answerOf(made, 200);
}

const answerOf = (body: string, status: 200 | 404): PublicAnswer => ({ status, type: 'text/html; charset=utf-8', body });

async function factsOf(db: Knex.Transaction, released: readonly Released[], today: string): Promise<PublicFacts> {
  const settings = await settingsOn(db, today);
  const words = (name: string): string => String(settings.get(name) ?? '');
  const wards = released.find(({ kind }) => kind === 'public page');
  const content = wards && (await openContent(db, wards, today));
  const files = [];
  for (const each of released.slice(0, 60)) {
    const made = each.id === wards?.id ? content : await openContent(db, each, today);
    if (made) files.push({ month: each.month, title: publicationKindNames[each.kind], releasedOn: each.releasedOn, names: filesOf(made, { sha256: each.sha256, issued: each.releasedOn }).map(({ name }) => name) });
  }
  return {
    publisher: await findPublisher(db), wards: content as WardsContent | undefined, files,
    words: { easyRead: words('publication_easy_read'), translation: words('publication_translation'), report: words('publication_report') },
  };
}

/** A released content, without what is not public any more. */
async function openContent(db: Knex.Transaction, { id }: Released, today: string): Promise<PublicationContent | undefined> {
  const content = await contentOf(db, id);
  return isWards(content) ? limitTo(content, await openLayers(db, today, 'public page')) : content;
}

async function fileAnswer(db: Knex.Transaction, released: readonly Released[], asked: { month: string; name: string; today: string }): Promise<PublicAnswer | undefined> {
  for (const each of released.filter(({ month }) => month === asked.month)) {
    const content = await openContent(db, each, asked.today);
    const file = content && filesOf(content, { sha256: each.sha256, issued: each.releasedOn }).find(({ name }) => name === asked.name);
    if (file) return { status: 200, type: file.type, body: file.body, fileName: file.name };
  }
  return undefined;
}
