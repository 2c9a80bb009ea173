/** The phone page over HTTP: what it carries, and what it sends. Everything sent again counts once. */
import { conflict, invalid, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { toNewVisit } from '../patrols/visitInput.ts';
import { keepsPowers } from '../patrols/powers.ts';
import { listForces, listPowerFacts, listVisits } from '../patrols/visitQueries.ts';
import { saveVisits } from '../patrols/visitWork.ts';
import { localDay } from '../patrols/visits.ts';
import { listActionKinds } from '../patrols/wardenQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import { changeRoutes } from './changeRoutes.ts';
import * as contract from './contract.ts';
import { judgeFixes } from './evidence.ts';
import { listDevices, listPrompts, listReasons, type PromptRow } from './listQueries.ts';
import { listRoutes } from './listRoutes.ts';
import { listNotes } from './missedQueries.ts';
import { missedRoutes } from './missedRoutes.ts';
import { insertFixes, listOwnStops, listPackHotspots, listPackWardens } from './queries.ts';

export function recordingRoutes(mount: Mount): void {
  phoneRoutes(mount);
  missedRoutes(mount);
  listRoutes(mount);
  changeRoutes(mount);
}

function phoneRoutes(mount: Mount): void {
  mount(contract.getPhonePack, async (call) => packOf(call));

  mount(contract.recordPhoneVisit, async ({ db, scope, input: { arrived, left, ...given }, actor, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const evidence = judgeFixes({ arrived, left }, await numberSetting(db, 'phone_fix_accuracy_metres', localDay(now.toISOString())));
    const visit = toNewVisit({ ...given, recordedHow: evidence.recordedHow });
    const kept = await saveVisits(db, { actor, councils, now }, [visit], { anyEvidence: true });
    if (kept.conflicts.length > 0) throw conflict('visit_id_taken', 'This visit was recorded already and says something else. Ask the lead to correct what is recorded, and delete this one.');
    if (kept.problems.length > 0) throw invalid(kept.problems.map(({ field, message }) => ({ field, message })));
    const [found] = await listVisits(db, { councils, ids: [visit.id] });
    if (kept.alreadyRecorded > 0) return { visit: found ?? null, alreadyRecorded: true, says: found ? 'Recorded before; counted once.' : 'Recorded before, and withdrawn by the lead since. It stays withdrawn.' };
    await insertFixes(db, visit.id, { arrived, left });
    return { visit: found ?? null, alreadyRecorded: false, says: evidence.says };
  });
}

type Pack = ReturnType<typeof contract.getPhonePack.output.parse>;

async function packOf({ db, scope, person, now }: Call<unknown>): Promise<Pack> {
  if (!person) throw notFound('person');
  const councils = await councilCodes(db, scope.councils);
  const today = localDay(now.toISOString());
  const wardens = await listPackWardens(db, councils, today);
  const prompts = await listPrompts(db, councils, today);
  const setting = (name: string): Promise<number> => numberSetting(db, name, today);
  return {
    personId: person.id, name: person.name, council: person.organisation, councilCode: person.councilCode, madeAt: now.toISOString(),
    hotspots: await listPackHotspots(db, councils, today),
    stops: await listOwnStops(db, councils, now),
    wardens, powersKept: keepsPowers(await listPowerFacts(db, councils), today),
    kinds: await listActionKinds(db, today),
    reasons: (await listReasons(db)).filter(({ validFrom, validTo }) => validFrom <= today && (validTo === null || today < validTo)),
    notes: await listNotes(db, { councils, personId: person.id, at: now }),
    youth: prompts.filter(({ kind }) => kind === 'youth').map(toPrompt), translations: prompts.filter(({ kind }) => kind === 'translation').map(toPrompt),
    devices: await listDevices(db, councils, today),
    forces: await listForces(db),
    settings: {
      accuracyMetres: await setting('phone_fix_accuracy_metres'), outsideMetres: await setting('phone_fix_outside_metres'), patrolHours: await setting('phone_patrol_hours'),
      handoverHours: await setting('handover_note_hours'), qualifyingMinutes: await setting('qualifying_visit_minutes'),
    },
  };
}

const toPrompt = ({ id, language, heading, words, contact, source }: PromptRow): contract.Prompt => ({ id, language, heading, words, contact, draft: source.startsWith('Drafted') });
