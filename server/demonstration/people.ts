/** One demonstration user for each role. Offered on the sign-in page; refused where NODE_ENV is production. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { hashPassword } from '../people/passwords.ts';
import { listOrganisations, savePerson, saveRole } from '../people/queries.ts';
import { demonstrationPassword } from '../people/routes.ts';
import { type Role, roleNames } from '../permissions.ts';

const opcc = null;
const users: readonly { email: string; councilCode: string | null; role: Role }[] = [
  { email: 'manager@opcc.demo', councilCode: opcc, role: 'grant_manager' },
  { email: 'finance@opcc.demo', councilCode: opcc, role: 'finance_approver' },
  { email: 'analyst@opcc.demo', councilCode: opcc, role: 'analyst' },
  { email: 'auditor@opcc.demo', councilCode: opcc, role: 'auditor' },
  { email: 'admin@opcc.demo', councilCode: opcc, role: 'administrator' },
  { email: 'lead@hartlepool.demo', councilCode: 'E06000001', role: 'council_lead' },
  { email: 'lead@middlesbrough.demo', councilCode: 'E06000002', role: 'council_lead' },
  { email: 'lead@redcar.demo', councilCode: 'E06000003', role: 'council_lead' },
  { email: 'lead@stockton.demo', councilCode: 'E06000004', role: 'council_lead' },
  { email: 'finance@hartlepool.demo', councilCode: 'E06000001', role: 'council_finance' },
  { email: 'finance@middlesbrough.demo', councilCode: 'E06000002', role: 'council_finance' },
  { email: 'finance@redcar.demo', councilCode: 'E06000003', role: 'council_finance' },
  { email: 'finance@stockton.demo', councilCode: 'E06000004', role: 'council_finance' },
  { email: 'finance@police.demo', councilCode: 'E23000013', role: 'council_finance' },
  { email: 'warden@hartlepool.demo', councilCode: 'E06000001', role: 'warden' },
];

/** Adds the demonstration users; their names are what they do, since they are nobody. */
export async function addDemonstrationPeople(trx: Knex, options: { production: boolean; validFrom: string }): Promise<void> {
  if (options.production) throw new Error('Demonstration users cannot be made with NODE_ENV=production: their password is published.');
  const organisations = await listOrganisations(trx);
  const passwordHash = await hashPassword(demonstrationPassword);
  for (const { email, councilCode, role } of users) {
    const organisation = organisations.find((row) => row.councilCode === councilCode && (row.kind === 'opcc') === (councilCode === opcc));
    if (!organisation) throw new Error(`There is no organisation with council code ${councilCode}. Run the migrations first.`);
    const id = randomUUID();
    const name = `${organisation.kind === 'police' ? 'Finance officer' : roleNames[role]}, ${councilCode ? organisation.name : 'OPCC'}`;
    await savePerson(trx, { id, organisationId: organisation.id, name, email, passwordHash, demonstration: true });
    await saveRole(trx, { id: randomUUID(), personId: id, role, validFrom: options.validFrom });
  }
}
