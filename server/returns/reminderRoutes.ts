/** Reminders over HTTP: when they go out, in which words, and which did. */
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { changeReminder, listReminders } from './collectContract.ts';
import * as queries from './reminderQueries.ts';

export function reminderRoutes(mount: Mount): void {
  mount(listReminders, async ({ db, scope, input }) => ({ rules: await queries.listRules(db), reminders: await queries.listReminders(db, scope.councils, input.month) }));

  mount(changeReminder, async ({ db, input, actor }) => {
    const before = await queries.findRule(db, input.code, input.validFrom);
    if (!before) throw notFound('reminder in force on that date');
    if (before.validTo !== null || input.validFrom <= before.validFrom) throw invalid([{ field: 'validFrom', message: `Another form is in force from ${before.validTo ?? before.validFrom}. Choose a later day.` }]);
    const after = { ...before, days: input.days, subject: input.subject, body: input.body, validFrom: input.validFrom, source: input.reason };
    await queries.replaceRule(db, before, after);
    await recordEvent(db, actor, { action: 'reminderChanged', subjectKind: 'reminder_rule', subjectId: input.code, before, after, reason: input.reason });
    return after;
  });
}
