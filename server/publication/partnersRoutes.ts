/** What partners read behind the sign-in: the latest release for them, without what may not go so far any more. */
import { notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import { archiveOf } from './archive.ts';
import * as contract from './contract.ts';
import { filesOf } from './publishedFiles.ts';
import { contentOf, listReleased, openLayers, type Released } from './queries.ts';
import { limitTo } from './wardFigures.ts';

type Asked = Pick<Call<{ month?: string | undefined }>, 'db' | 'now' | 'input'>;

interface Opened {
  readonly released: Released;
  readonly content: contract.WardsContent;
  readonly levels: ReadonlyMap<string, 'partners' | 'public'>;
}

async function open({ db, now, input }: Asked): Promise<{ months: string[]; opened: Opened | undefined }> {
  const all = await listReleased(db, ['partners page']);
  const released = all.find(({ month }) => input.month === undefined || month === input.month);
  const content = released && (await contentOf(db, released.id));
  if (!released || !contract.isWards(content)) return { months: all.map(({ month }) => month), opened: undefined };
  const levels = await openLayers(db, localDay(now.toISOString()), 'partners page');
  return { months: all.map(({ month }) => month), opened: { released, levels, content: limitTo(content, levels) } };
}

export function partnersRoutes(mount: Mount): void {
  mount(contract.getPartnersPage, async (call) => {
    const { months, opened } = await open(call);
    if (!opened) return { months, page: null };
    const { content, released, levels } = opened;
    return { months, page: { content, version: released.version, releasedOn: released.releasedOn, levels: Object.fromEntries(content.layers.map((layer) => [layer, levels.get(layer) ?? 'partners'])) } };
  });

  mount(contract.getPartnersFiles, async (call) => {
    const { opened } = await open(call);
    if (!opened) throw notFound('release for partners in this month');
    const { content, released } = opened;
    return { fileName: `partners-${content.month}-v${released.version}.zip`, body: await archiveOf(filesOf(content, { sha256: released.sha256, issued: released.releasedOn }).filter(({ name }) => name !== 'licence.txt')) };
  });
}
