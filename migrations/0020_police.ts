import type { Knex } from 'knex';

/**
 * An agreement may be with the police force as well as with a council: patrols with police support are paid from the same fund.
 * `council_code` is the area code of whoever the agreement is with, and what its people are fenced to: a local authority's, or the police force area's.
 * Such an agreement may be entered before it has any money, which a reallocation then gives it.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table organisation drop constraint organisation_council_has_code;
    -- Without an area code its people would be let past the fence, so a police force has one or is an organisation like any other.
    update organisation set kind = 'other' where kind = 'police' and name <> 'Cleveland Police';
    -- Police force area code of the Office for National Statistics.
    insert into organisation (id, name, kind, council_code) values (gen_random_uuid(), 'Cleveland Police', 'police', 'E23000013')
      on conflict (name) do update set kind = 'police', council_code = 'E23000013';
    alter table organisation add constraint organisation_body_has_code check ((kind in ('council', 'police')) = (council_code is not null));
    alter table agreement drop constraint agreement_ceiling_positive,
      add constraint agreement_ceiling_positive check (ceiling_pence > 0 or (ceiling_pence = 0 and state in ('draft', 'in legal', 'sent', 'signed')))`);
}
