/** Settings over HTTP. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { changeSetting, listSettings } from './contract.ts';
import * as queries from './queries.ts';

export function settingsRoutes(mount: Mount): void {
  mount(listSettings, async ({ db }) => ({ settings: await queries.listSettings(db) }));

  mount(changeSetting, async ({ db, input, actor }) => {
    const before = await queries.findSettingOn(db, input.name, input.validFrom);
    if (!before) throw notFound('setting in force on that date');
    if (typeof before.value !== typeof input.value) {
      throw invalid([{ field: 'value', message: `${input.name} is a ${typeof before.value}; ${JSON.stringify(input.value)} is not.` }]);
    }
    const after = { ...before, value: input.value, validFrom: input.validFrom, source: input.reason };
    await queries.replaceSetting(db, before, after);
    await recordEvent(db, actor, { action: 'settingChanged', subjectKind: 'setting', subjectId: input.name, before, after, reason: input.reason });
    return after;
  });
}
