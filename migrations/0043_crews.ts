import type { Knex } from 'knex';

/** Who is in which crew of a shift's rounds: somebody who works only beside another, who may drive, what each crew wants, and what a draw could not give. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table warden_pair drop constraint warden_pair_rule_known;
    -- The first works only where the second does, or the second where the first does.
    alter table warden_pair add constraint warden_pair_rule_known check (rule in ('cannot', 'should_not', 'first_beside', 'second_beside'));
    alter table warden_clearance drop constraint warden_clearance_kind_known;
    alter table warden_clearance add constraint warden_clearance_kind_known check (kind in ('vetting', 'training', 'accreditation', 'driving'));
    alter table round_draw add column notes jsonb not null default '[]';
    -- Rules among wardens of one shift, for whoever forms its crews: a grants manager may, and does not see the rules themselves.
    create function crew_pairs(asked uuid[], on_day date) returns table (first_warden uuid, second_warden uuid, rule text)
    language sql stable security definer set search_path = public, pg_temp as $$
      select p.first_warden, p.second_warden, p.rule from warden_pair p
      where p.first_warden = any (asked) and p.second_warden = any (asked) and daterange(p.valid_from, p.valid_to) @> on_day
        and (coalesce(current_setting('role', true), 'none') <> 'hotspots_app' or sees_council(p.council_code))
      order by p.first_warden, p.second_warden
    $$;
    revoke execute on function crew_pairs(uuid[], date) from public;
    grant execute on function crew_pairs(uuid[], date) to hotspots_app, hotspots_service`);
  await db('setting').insert(settings.map(([name, value, describes, source]) => ({ name, value: JSON.stringify(value), unit: 'clearances', describes, source, valid_from: '2020-01-01' })));
}

const settings: readonly [string, string, string, string][] = [
  ['round_crew_holds', 'accreditation', 'What somebody of each crew should hold on a round: vetting, training, accreditation, driving, with ; between, or none', 'Rota model: somebody of each crew can use the powers'],
  ['round_vehicle_crew_holds', 'driving', 'The same for crews that set out by vehicle, in addition', 'Office policy: somebody of each crew may drive the council’s vehicle'],
];
