/** The second fence: what a query that forgets its `where` returns under a council user's role. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, inScope } from '../../server/database.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
const hartlepool = { personId: null, roles: ['council_lead'], councils: ['E06000001'] };
const everything = { personId: null, roles: ['grant_manager'], councils: ['*'] };
/** Tables whose rows belong to nobody alone. */
const open = ['absence_kind', 'setting', 'place_source', 'location', 'location_boundary', 'population', 'deprivation', 'area_lookup', 'source', 'category', 'column_mapping',
  'source_month', 'action_kind', 'bank_holiday', 'budget_head', 'fund', 'return_definition', 'migration', 'sign_in_try', 'audit_digest', 'spatial_ref_sys'];

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.raw(`
    insert into hotspot (id, name, council_code, reason, live_from, outline, outline_27700)
      select gen_random_uuid(), 'Hotspot of ' || c, c, 'x', '2023-08-01', st_multi(st_makeenvelope(-1.2, 54.6, -1.19, 54.61, 4326)), st_multi(st_transform(st_makeenvelope(-1.2, 54.6, -1.19, 54.61, 4326), 27700))
      from unnest(array['E06000001', 'E06000002', 'E06000003', 'E06000004']) c;
    insert into hotspot_baseline select id, '2023-07-01', 'x', 3 from hotspot;
    insert into hotspot_outline_baseline select id, '2023-07-01', 'x', 3 from hotspot_outline;
    insert into hotspot_pause (hotspot_id, paused_from, reason) select id, '2023-09-01', 'x' from hotspot;
    insert into analysis_run (id, parameters, method_version, data_vintage, hash, figures) select gen_random_uuid(), jsonb_build_object('councils', jsonb_build_array(council_code)), 'x', '{}', 'x', '{}' from hotspot;
    insert into hotspot_refresh (id, run_id, councils, effective_on, figures) select gen_random_uuid(), id, array[parameters -> 'councils' ->> 0], '2023-08-01', '{}' from analysis_run;
    insert into hotspot_refresh_decision select id, 1, councils[1], 'kept', null, null, 'x', 'x', 'keep', 'x' from hotspot_refresh;
    insert into warden (id, council_code, reference, staff_category, employed_from, contract_minutes_per_week)
      select gen_random_uuid(), council_code, 'W1', 'warden', '2023-07-01', 2220 from hotspot;
    insert into visit (id, hotspot_id, council_code, started_at, ended_at, staff_category, persons, recorded_how, patrol_reference)
      select gen_random_uuid(), id, council_code, '2023-10-02 15:00Z', '2023-10-02 15:20Z', 'warden', 2, 'self_report', 'P1' from hotspot;
    insert into warden_clearance (id, warden_id, kind, valid_from) select gen_random_uuid(), id, 'vetting', '2023-07-01' from warden;
    insert into warden_power (id, warden_id, action_code, valid_from) select gen_random_uuid(), id, 'fixed_penalty_litter', '2023-07-01' from warden;
    insert into warden_absence (id, warden_id, kind, first_day, last_day) select gen_random_uuid(), id, 'annual_leave', '2023-10-02', '2023-10-03' from warden;
    insert into warden_wish (id, warden_id, wanted, weekday, valid_from) select gen_random_uuid(), id, true, 1, '2023-07-01' from warden;
    insert into warden_flag (id, warden_id, kind, valid_from) select gen_random_uuid(), id, 'no_nights', '2023-07-01' from warden;
    insert into shift_type (id, council_code, code, name, start_minute, end_minute, crews, valid_from) select gen_random_uuid(), council_code, 'late', 'Late', 840, 1320, '{1,1,1,1,1,1,1}', '2023-07-01' from warden;
    insert into rota (id, council_code, starts_on, ends_on, seed) select gen_random_uuid(), council_code, '2023-10-02', '2023-10-29', 'x' from warden;
    insert into rota_cell select r.id, '2023-10-02', 'late', w.id from rota r join warden w using (council_code);
    insert into rota_exception (rota_id, breach, reason) select id, 'x', 'x' from rota;
    insert into rota_run (id, rota_id, method, seed, input_sha256, cost, roster, used) select gen_random_uuid(), id, 'x', 'x', 'x', 0, '[]', false from rota;
    insert into rota_version (id, rota_id, council_code, number, cost, input_sha256, breaches, content_sha256) select gen_random_uuid(), id, council_code, 1, 0, 'x', '[]', 'x' from rota;
    insert into rota_shift (version_id, rota_id, council_code, shift_key, day, shift_code, shift_name, starts_at, ends_at, cover_wanted, crew_size)
      select id, rota_id, council_code, gen_random_uuid(), '2023-10-02', 'late', 'Late', '2023-10-02 13:00Z', '2023-10-02 21:00Z', 2, 2 from rota_version;
    insert into rota_shift_warden select s.id, w.id from rota_shift s join warden w using (council_code);
    insert into rota_told (version_id, warden_id, how) select v.id, w.id, 'in_person' from rota_version v join warden w using (council_code);
    insert into rota_request (id, rota_id, council_code, warden_id, kind, shift_key, reason, asked_by) select gen_random_uuid(), s.rota_id, council_code, w.id, 'cover', s.shift_key, 'x', gen_random_uuid() from rota_shift s join warden w using (council_code);
    insert into rota_calendar (id, warden_id, council_code, token_sha256) select gen_random_uuid(), id, council_code, id::text from warden;
    insert into warden_account (warden_id, council_code, person_id) select w.id, w.council_code, p.id from warden w join organisation o using (council_code) join person p on p.organisation_id = o.id and p.email like 'lead@%';
    insert into visit_action select id, (select code from action_kind where not police_only limit 1), 1 from visit;
    insert into fund (id, name, funder, award_pence, starts_on, ends_on, purpose) values (gen_random_uuid(), 'F', 'Home Office', 100000000, '2023-07-01', '2024-03-31', 'x');
    insert into agreement (id, fund_id, council_code, reference, ceiling_pence, starts_on, ends_on, state, productive_ratio)
      select gen_random_uuid(), (select id from fund), c, 'A-' || c, 25000000, '2023-07-01', '2024-03-31', 'live', 0.8 from unnest(array['E06000001', 'E06000002', 'E06000003', 'E06000004']) c;
    insert into location_count select 'x', '2023-07-01', 'x', 1, council_code, 1 from hotspot;
    insert into agreement_rate select id, 'day', 1900, '2023-07-01' from agreement;
    insert into commitment (id, agreement_id, amount_pence, effective_on, what) select gen_random_uuid(), id, 1000, '2023-08-01', 'x' from agreement;
    insert into document (id, agreement_id, subject_kind, subject_id, title, file_name, media_type, bytes, sha256)
      select gen_random_uuid(), id, 'agreement', id, 'x', 'x.txt', 'text/plain', 1, 'x' from agreement;
    insert into document_content select id, 'x' from document;
    insert into agreement_version (agreement_id, number, effective_from, ceiling_pence, ends_on, productive_ratio, payment_basis, reason, source_kind, source_id)
      select id, 1, starts_on, ceiling_pence, ends_on, productive_ratio, 'cost', 'x', 'signed', id from agreement;
    insert into budget_line (version_id, agreement_id, head, budget_pence) select id, agreement_id, 'Wardens', ceiling_pence from agreement_version;
    insert into budget_profile (version_id, agreement_id, head, starts_on, amount_pence) select id, agreement_id, 'Wardens', '2023-07-01', ceiling_pence from agreement_version;
    insert into target (version_id, agreement_id, starts_on, ends_on, person_minutes) select id, agreement_id, '2023-07-01', '2023-09-30', 60 from agreement_version;
    insert into version_hotspot (version_id, agreement_id, hotspot_id) select v.id, v.agreement_id, h.id from agreement_version v join agreement a on a.id = v.agreement_id join hotspot h using (council_code);
    insert into variation (id, agreement_id, effective_from, base_version_id, changes, difference, reason, proposed_by)
      select gen_random_uuid(), agreement_id, '2023-10-01', id, '{}', '[]', 'x', gen_random_uuid() from agreement_version;
    insert into terms_draft (agreement_id, terms) select id, '{}' from agreement;
    insert into signatory (id, agreement_id, party, title) select gen_random_uuid(), id, 'council', 'Chief Finance Officer' from agreement;
    insert into geocode_exclusion (name, lng, lat, easting, northing, radius_metres, council_code, valid_from, reason)
      select 'x', -1.2, 54.6, 450000, 520000, 10, council_code, '2023-07-01', 'x' from hotspot;
    insert into intervention (kind, name, area, council_code, geom_27700, starts_on) select 'cctv', 'x', 'council', council_code, outline_27700, '2023-07-01' from hotspot;
    insert into agreement_condition (id, agreement_id, kind, what) select gen_random_uuid(), id, 'condition', 'Briefing pack' from agreement;
    insert into ledger (agreement_id) select id from agreement;
    insert into ledger_period (agreement_id, starts_on, ends_on) select id, starts_on, ends_on from agreement;
    update ledger_period set state = 'open';
    insert into claim (id, agreement_id, period_id, number, basis, starts_on, ends_on, prepared_by) select gen_random_uuid(), agreement_id, id, 1, 'cost', starts_on, ends_on, gen_random_uuid() from ledger_period;
    insert into claim_line (id, claim_id, agreement_id, what, gross_pence, claimed_pence) select gen_random_uuid(), id, agreement_id, 'x', 100, 100 from claim;
    insert into claim_event (claim_id, agreement_id, number, kind, happened_at, role, content_sha256) select id, agreement_id, 1, 'claimDrafted', now(), 'x', 'x' from claim;
    insert into claim_message (id, claim_id, agreement_id, kind, words, role, written_at) select gen_random_uuid(), id, agreement_id, 'query', 'x', 'x', now() from claim;
    insert into patrol_start select council_code, '2023-10-01' from agreement;
    insert into staff_plan (id, agreement_id, starts_on, posts, contract_minutes_per_week, reason) select gen_random_uuid(), id, starts_on, 4, 2220, 'x' from agreement;
    insert into underspend_cause (id, agreement_id, cause, from_on, to_on, amount_pence, reason) select gen_random_uuid(), id, 'vetting', starts_on, ends_on, 100, 'x' from agreement;
    insert into council_forecast (id, agreement_id, quarter_ends_on, version, actual_pence, outturn_pence, signed_by, received_on) select gen_random_uuid(), id, '2023-09-30', 1, 0, 100, 'x', '2023-10-30' from agreement;
    insert into forecast_run (id, agreement_id, known_on, knowledge, low_pence, central_pence, high_pence, ceiling_pence, inputs, result, sha256)
      select gen_random_uuid(), id, '2023-10-30', 'recorded', 1, 2, 3, ceiling_pence, '{}', '{}', repeat('0', 64) from agreement;
    insert into rating_override (id, agreement_id, rating, computed, until_on, reason) select gen_random_uuid(), id, 'green', 'red', ends_on, 'x' from agreement;
    insert into forecast_alert (id, fund_id, agreement_id, raised_on, ceiling_pence, outturn_pence, underspend_pence, threshold_share)
      select gen_random_uuid(), fund_id, id, '2023-10-30', ceiling_pence, 0, ceiling_pence, 0.05 from agreement`);
  await database.db.raw(`
    insert into hours_decision (id, agreement_id, visit_id, person, reason, day, from_at, to_at, fingerprint, minutes, explanation, explained_by)
      select gen_random_uuid(), a.id, v.id, '', 'not vetted', '2023-10-02', v.started_at, v.ended_at, 'x', 20, 'x', gen_random_uuid() from agreement a join visit v using (council_code);
    insert into claim_hours (claim_id, agreement_id, visit_id, person, day, from_at, to_at, head, band, pence_per_hour)
      select c.id, a.id, v.id, 'x', '2023-10-02', v.started_at, v.ended_at, '', 'day', 2000 from claim c join agreement a on a.id = c.agreement_id join visit v using (council_code);
    insert into section_step (month, council_code, section, step, taken_at) select '2023-10-01', council_code, 'patrols', 'readied', now() from agreement;
    insert into collected_figure (month, council_code, field, origin, recorded_at) select '2023-10-01', council_code, 'visits', 'page', now() from agreement;
    insert into collected_text (month, council_code, kind, text, recorded_at) select '2023-10-01', council_code, 'risks', 'x', now() from agreement;
    insert into flag_explanation (month, council_code, flag, explanation, recorded_at) select '2023-10-01', council_code, 'x', 'x', now() from agreement;
    insert into return_upload (id, month, council_code, kind, media, file_name, bytes, sha256, state, report, uploaded_at)
      select gen_random_uuid(), '2023-10-01', council_code, 'return', 'xlsx', 'x', 1, 'x', 'refused', '{}', now() from agreement;
    insert into mail_message (id, kind, key, to_address, subject, body, queued_at) select id, 'x', id::text, 'x', 'x', 'x', now() from agreement;
    insert into reminder (id, rule, month, council_code, person_id, due_on, mail_id, made_at)
      select gen_random_uuid(), 'x', '2023-10-01', council_code, (select min(id::text)::uuid from person), '2023-11-07', id, now() from agreement;
    insert into missed_visit (id, hotspot_id, council_code, missed_on, band, reason_code) select gen_random_uuid(), id, council_code, '2023-10-02', 4, 'weather' from hotspot;
    insert into handover_note (id, council_code, hotspot_id, note, expires_at) select gen_random_uuid(), council_code, id, 'x', now() + interval '1 day' from hotspot;
    insert into lone_worker_device (council_code, product, device_id, alarm_number, valid_from) select council_code, 'x', '1', '1', '2023-07-01' from hotspot;
    insert into visit_change (visit_id, number, council_code, subject, kind, before, reason) select id, 1, council_code, 'visit', 'withdrawn', '{}', 'x' from visit;
    insert into visit_fix select id, 'arrived', 'inside', 8 from visit;
    insert into track (id, council_code, sha256, starts_at, ends_at, shift_starts_at, shift_ends_at, on_foot, points, points_inside) select gen_random_uuid(), council_code, 'x', now(), now(), now(), now(), true, 1, 1 from hotspot;
    insert into track_visit select t.id, v.id, v.hotspot_id, v.started_at, v.ended_at, false from track t join visit v using (council_code);
    insert into track_point select t.id, h.id, now(), -1.2, 54.6, 5 from track t join hotspot h using (council_code);
    insert into round_base (id, council_code, name, lng, lat, travel, valid_from) select gen_random_uuid(), council_code, 'x', -1.2, 54.6, 'walk', '2023-07-01' from hotspot;
    insert into road_time (council_code, travel, from_id, to_id, minutes) select council_code, 'walk', id, id, 0 from hotspot;
    insert into round_draw (id, council_code, shift_key, shift_name, starts_at, ends_at, number, base_id, nonce, inputs, inputs_sha256, plan_sha256, seed_sha256, ways_estimated, ways, solver_version)
      select gen_random_uuid(), council_code, gen_random_uuid(), 'x', now(), now() + interval '8 hours', 1, id, gen_random_uuid(), '{}', 'x', 'x', 'x', 0, 0, 1 from round_base;
    insert into round (id, draw_id, council_code, crew, leg, leaves_at, back_at, among, share_of_best) select gen_random_uuid(), id, council_code, 1, 1, now(), now(), 1, 1 from round_draw;
    insert into round_warden select r.id, w.id from round r join warden w using (council_code);
    insert into round_stop select r.id, 1, h.id, '2023-10-02', 4, 1, now(), now(), 5 from round r join hotspot h using (council_code);
    insert into round_left_out select d.id, h.id, '2023-10-02', 4, 1, 'x' from round_draw d join hotspot h using (council_code);
    insert into asset (id, agreement_id, what, bought_on, cost_pence) select gen_random_uuid(), id, 'x', starts_on, 100 from agreement;
    insert into tasking_entry (id, hotspot_id, month, owner, action) select gen_random_uuid(), id, '2023-10-01', 'x', 'x' from hotspot;
    insert into publication_reason (id, agreement_id, subject_kind, subject_id, purpose, reason) select gen_random_uuid(), id, 'agreement', id, 'x', 'x' from agreement;
    insert into publication (id, kind, month, version, content, sha256) select gen_random_uuid(), 'grants', '2023-10-01', n, '{}', repeat('0', 64) from generate_series(1, 2) n;
    insert into publication_release (publication_id, released_by) select id, gen_random_uuid() from publication where version = 2;
    insert into press_figure (id, told_on, told_to, measure, said, value, unit, definition, period_from, period_to, source)
      select gen_random_uuid(), '2024-01-01', 'x', 'x', 'x', 1, 'x', 'x', '2023-10-01', '2023-10-31', 'x';
    insert into closure_exception (id, agreement_id, item, reason) select gen_random_uuid(), id, 'x', 'x' from agreement;
    insert into delivery_alert (id, council_code, kind, raised_on, since_on, found, threshold) select gen_random_uuid(), council_code, 'silent', '2023-10-02', '2023-09-20', 12, 7 from agreement;
    insert into hotspot_priority (id, hotspot_id, position, words, from_on) select gen_random_uuid(), id, 1, 'x', '2023-10-02' from hotspot;
    insert into allocation_horizon (id, agreement_id, council_code, from_week, money_pence, hash, seed, result) select gen_random_uuid(), id, council_code, '2023-10-02', 1, 'x', 0, '{}' from agreement;
    insert into closure (id, agreement_id, decision, reason, released_pence, figures, sha256, proposed_by) select gen_random_uuid(), id, 'continue', 'x', 0, '{}', 'x', gen_random_uuid() from agreement`);
});
afterAll(() => database.close());

async function rowsSeen(table: string, scope: typeof hartlepool): Promise<number> {
  return inScope(database.db, scope, async (trx) => Number((await trx(table).count('* as n').first())?.['n']));
}

describe('a query that forgets its where', () => {
  test.each(['hotspot_outline', 'hotspot_outline_baseline', 'hotspot_pause', 'hotspot_refresh', 'hotspot_refresh_decision'])('%s: so does what became of hotspots', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['hotspot', 'hotspot_baseline', 'location_count', 'warden', 'visit', 'visit_action', 'agreement', 'agreement_rate', 'commitment', 'document', 'document_content',
    'agreement_version', 'budget_line', 'budget_profile', 'target', 'version_hotspot', 'variation', 'terms_draft', 'signatory', 'agreement_condition', 'geocode_exclusion', 'intervention',
    'claim', 'claim_line', 'claim_event', 'claim_message',
    'patrol_start', 'staffing_known', 'patrol_start_known', 'staff_plan', 'underspend_cause', 'council_forecast', 'forecast_run', 'rating_override', 'forecast_alert', 'allocation_horizon', 'delivery_alert', 'hotspot_priority'])('%s: a council sees its own row of four, the OPCC all', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['section_step', 'collected_figure', 'collected_text', 'flag_explanation', 'return_upload', 'reminder'])('%s: so does a council’s month on its way into the return', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test('the addresses and words of messages are read by nobody, their state by the office', async () => {
    for (const scope of [hartlepool, everything]) await expect(inScope(database.db, scope, (trx) => trx('mail_message').select('to_address'))).rejects.toMatchObject({ code: '42501' });
    expect(await inScope(database.db, hartlepool, (trx) => trx('mail_message').select('id'))).toEqual([]);
    expect(await inScope(database.db, everything, (trx) => trx('mail_message').pluck('state'))).toEqual(['queued', 'queued', 'queued', 'queued']);
  });

  test.each(['warden_clearance', 'hours_decision', 'claim_hours', 'closure', 'closure_exception', 'asset', 'publication_reason', 'tasking_entry'])('%s: so does what hours are paid on, and how it ends', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['missed_visit', 'handover_note', 'lone_worker_device', 'visit_change', 'visit_fix'])('%s: so does what is recorded beside visits', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['round_base', 'road_time', 'round_draw'])('%s: so do the bases and the draws of rounds', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['round', 'round_stop', 'round_warden', 'round_left_out'])('%s: so do rounds, and a warden sees the own alone', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, { ...hartlepool, roles: ['warden'] })).toBe(0);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['track', 'track_visit', 'track_point'])('%s: so do tracks, and a warden sees the own account’s alone', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, { ...hartlepool, roles: ['warden'] })).toBe(0);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test('reads the prompts of every council and its own, and writes its own alone', async () => {
    await database.db.raw(`insert into phone_prompt (council_code, kind, heading, words, source, position, valid_from) select council_code, 'youth', 'x', 'x', 'x', 99, '2023-07-01' from hotspot`);
    const forAll = Number((await database.db('phone_prompt').whereNull('council_code').count('* as n').first())?.['n']);
    expect(await rowsSeen('phone_prompt', hartlepool)).toBe(forAll + 1);
    expect(await inScope(database.db, hartlepool, (trx) => trx('phone_prompt').update({ valid_to: '2030-01-01' }))).toBe(1);
    await expect(inScope(database.db, hartlepool, (trx) => trx('missed_reason').insert({ code: 'x', name: 'x', position: 9, valid_from: '2023-07-01' }))).rejects.toMatchObject({ code: '42501' });
    expect(await rowsSeen('missed_reason', hartlepool)).toBe(5);
  });

  test.each(['warden_contract', 'warden_power', 'warden_account', 'shift_type', 'rota', 'rota_cell', 'rota_exception', 'rota_run', 'rota_version', 'rota_shift', 'rota_shift_in_force', 'rota_shift_warden', 'rota_told', 'rota_request', 'rota_calendar'])('%s: so do terms and rotas', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, everything)).toBe(4);
  });

  test.each(['warden_absence', 'warden_wish', 'warden_flag'])('%s: why somebody is away is seen by the council’s lead alone, and by oneself', async (table) => {
    expect(await rowsSeen(table, hartlepool)).toBe(1);
    expect(await rowsSeen(table, { ...hartlepool, roles: ['council_finance'] })).toBe(0);
    expect(await rowsSeen(table, everything)).toBe(0);
  });

  test.each(['rota_shift_warden', 'rota_told', 'rota_request', 'rota_calendar', 'warden_absence'])('%s: a warden sees the own rows and nobody else’s', async (table) => {
    const lead = await database.db('person').where({ email: 'lead@hartlepool.demo' }).first('id');
    const warden = { ...hartlepool, roles: ['warden'] };
    expect(await rowsSeen(table, warden)).toBe(0);
    expect(await rowsSeen(table, { ...warden, personId: lead.id })).toBe(1);
    expect(await rowsSeen('rota_cell', warden)).toBe(0);
  });

  test('a role limited to one agreement sees that one', async () => {
    const { id } = await database.db('agreement').where({ council_code: 'E06000002' }).first();
    const limited = { ...everything, agreements: [id as string] };
    expect(await inScope(database.db, limited, (trx) => trx('agreement').pluck('council_code'))).toEqual(['E06000002']);
    expect(await inScope(database.db, limited, (trx) => trx('commitment').count('* as n').first())).toEqual({ n: 1 });
  });

  test('cannot change or move another council’s row either', async () => {
    expect(await inScope(database.db, hartlepool, (trx) => trx('visit').update({ persons: 9 }))).toBe(1);
    expect(await inScope(database.db, hartlepool, (trx) => trx('warden').where({ council_code: 'E06000002' }).delete())).toBe(0);
    await expect(inScope(database.db, hartlepool, (trx) => trx('warden').update({ council_code: 'E06000002' }))).rejects.toMatchObject({ code: '42501' });
  });

  test('reads what is noted of the whole area and writes none of it', async () => {
    expect(await rowsSeen('recording_note', hartlepool)).toBe(1);
    expect(await rowsSeen('subtype', hartlepool)).toBe(6);
    const note = { kind: 'change', starts_on: '2023-07-01', what: 'x' };
    for (const [table, row] of Object.entries({ recording_note: note, intervention: { kind: 'other', name: 'x', area: 'everywhere', starts_on: '2023-07-01' }, source_weight: { source_code: 'police-asb', weight: 2, valid_from: '2023-07-01', reason: 'x' } })) {
      await expect(inScope(database.db, hartlepool, (trx) => trx(table).insert(row)), table).rejects.toMatchObject({ code: '42501' });
      expect(await inScope(database.db, everything, (trx) => trx(table).insert(row).returning('*')), table).toHaveLength(1);
    }
  });

  test('sees of what is published only what was released, and nothing told to the press', async () => {
    for (const scope of [hartlepool, { personId: null, roles: ['public'], councils: [] }]) expect([await rowsSeen('publication', scope), await rowsSeen('press_figure', scope)]).toEqual([1, 0]);
    expect([await rowsSeen('publication', everything), await rowsSeen('press_figure', everything)]).toEqual([2, 1]);
    await expect(inScope(database.db, hartlepool, (trx) => trx('publication_withdrawal').insert({ publication_id: trx('publication').select('id').first(), withdrawn_by: trx.raw('gen_random_uuid()'), reason: 'x' }))).rejects.toMatchObject({ code: '42501' });
  });

  test('of nobody sees nothing', async () => {
    for (const table of ['hotspot', 'visit', 'agreement']) expect(await rowsSeen(table, { personId: null, roles: ['public'], councils: [] })).toBe(0);
  });
});

describe('every table', () => {
  test('is fenced, or is named here as open', async () => {
    const { rows } = await database.db.raw(`
      select relname from pg_class join pg_namespace n on n.oid = relnamespace
      where nspname = 'public' and relkind in ('r', 'p') and not relispartition and not relrowsecurity order by 1`);
    expect(rows.map((row: { relname: string }) => row.relname).filter((name: string) => !open.includes(name))).toEqual([]);
  });

  test('an alert of the fund as a whole is the office’s', async () => {
    await database.db.raw(`insert into forecast_alert (id, fund_id, raised_on, ceiling_pence, outturn_pence, underspend_pence, threshold_share) select gen_random_uuid(), id, '2023-10-30', 10, 0, 10, 0.05 from fund`);
    expect(await rowsSeen('forecast_alert', hartlepool)).toBe(1);
    expect(await rowsSeen('forecast_alert', everything)).toBe(5);
  });

  test('belongs to none of the application’s roles', async () => {
    const { rows } = await database.db.raw(`select relname from pg_class where relowner in (select oid from pg_roles where rolname like 'hotspots\\_%') limit 5`);
    expect(rows).toEqual([]);
  });

  test('that only grows refuses change to everybody', async () => {
    for (const table of ['audit_event', 'commitment', 'hotspot_baseline', 'hotspot_outline', 'hotspot_outline_baseline', 'hotspot_pause', 'hotspot_succession', 'hotspot_refresh', 'hotspot_refresh_decision', 'return_version', 'rota_version', 'rota_shift', 'rota_shift_warden', 'rota_told', 'section_step', 'collected_figure', 'collected_text', 'flag_explanation', 'reminder']) {
      for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) {
        await expect(database.db.raw(statement), statement).rejects.toMatchObject({ constraint: `${table}_append_only` });
      }
    }
  });
});

describe('the identities', () => {
  test('of signing in and of long work each reach only what is theirs', async () => {
    const service = connect(database.connection, 1, 'hotspots_service');
    expect((await service.raw('select current_user as name')).rows).toEqual([{ name: 'hotspots_service' }]);
    expect((await service('hotspot').count('* as n').first())?.['n']).toBe(4);
    await expect(service('person').select('*')).rejects.toMatchObject({ code: '42501' });
    await service.destroy();
    const signIn = connect(database.connection, 1, 'hotspots_sign_in');
    expect(Number((await signIn('person').count('* as n').first())?.['n'])).toBeGreaterThan(5);
    await expect(signIn('hotspot').select('*')).rejects.toMatchObject({ code: '42501' });
    await signIn.destroy();
    expect((await database.db.raw('select current_user as name')).rows[0].name).not.toMatch(/^hotspots_/);
  });

  test('a person sees the colleagues of the own organisation and no password of others', async () => {
    const lead = await database.db('person').where({ email: 'lead@hartlepool.demo' }).first();
    const seen = await inScope(database.db, { ...hartlepool, personId: lead.id }, (trx) => trx('person').orderBy('email').pluck('email'));
    expect(seen).toEqual(['finance@hartlepool.demo', 'lead@hartlepool.demo', 'warden@hartlepool.demo']);
    await expect(inScope(database.db, { ...hartlepool, personId: lead.id }, (trx) => trx('person').pluck('password_hash'))).rejects.toMatchObject({ code: '42501' });
  });
});
