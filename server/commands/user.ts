/** People from the command line: add, disable, change a password. */
import { randomBytes, randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { readNewPassword } from '../config.ts';
import { AppError } from '../errors.ts';
import { hashPassword } from '../people/passwords.ts';
import { disablePerson, findOrganisation, listOrganisations, savePerson, saveRole, setPassword } from '../people/queries.ts';
import { type Role, roles } from '../permissions.ts';
import { type Command, type CommandContext, type CommandResult, required, UsageError } from './command.ts';

const actor = { personId: null, role: 'command line' };

export const user: Command = {
  usage: 'add EMAIL --name NAME --organisation NAME --role ROLE | disable EMAIL | password EMAIL   (the password is read from HOTSPOTS_PASSWORD, or made and printed)',
  says: 'add or disable a person, or set a password',
  options: { name: { type: 'string' }, organisation: { type: 'string' }, role: { type: 'string' } },
  async run(context) {
    const [action, email] = context.positionals;
    if (!email || !/^\S+@\S+$/.test(email)) throw new UsageError(`Give an e-mail address after "user ${action ?? 'add'}".`);
    if (action === 'add') return add(context, email);
    if (action === 'disable') return disable(context, email);
    if (action === 'password') return password(context, email);
    throw new UsageError(`"user ${action}" is not known. Use add, disable or password.`);
  },
};

async function add(context: CommandContext, email: string): Promise<CommandResult> {
  const role = required(context, 'role', 'analyst') as Role;
  if (!roles.includes(role) || role === 'public') throw new UsageError(`--role ${role} is not a role. Use one of: ${roles.filter((each) => each !== 'public').join(', ')}.`);
  const name = required(context, 'name', '"A. Name"');
  const organisationName = required(context, 'organisation', 'Hartlepool');
  const { db } = context.database;
  const organisation = await findOrganisation(db, organisationName);
  if (!organisation) {
    const known = (await listOrganisations(db)).map((row) => row.name).join('; ');
    throw new AppError(422, 'unknown_organisation', `--organisation ${organisationName} is not known. Use one of: ${known}.`);
  }
  const { word, made } = chosenPassword();
  const id = randomUUID();
  const passwordHash = await hashPassword(word);
  await db.transaction(async (trx) => {
    await savePerson(trx, { id, organisationId: organisation.id, name, email, passwordHash, demonstration: false });
    await saveRole(trx, { id: randomUUID(), personId: id, role, validFrom: new Date().toISOString().slice(0, 10) });
    await recordEvent(trx, actor, { action: 'personAdded', subjectKind: 'person', subjectId: id, after: { role, organisation: organisationName } });
  });
  return { json: { id, email, role, ...(made ? { password: word } : {}) }, lines: [`Added ${email} as ${role}.`, ...(made ? [`Password: ${word}`] : [])] };
}

async function disable(context: CommandContext, email: string): Promise<CommandResult> {
  const id = await context.database.db.transaction(async (trx) => {
    const found = await disablePerson(trx, email);
    if (found) await recordEvent(trx, actor, { action: 'personDisabled', subjectKind: 'person', subjectId: found });
    return found;
  });
  if (!id) throw nobody(email);
  return { json: { id, email, disabled: true }, lines: [`Disabled ${email}; every session has ended.`] };
}

async function password(context: CommandContext, email: string): Promise<CommandResult> {
  const { word, made } = chosenPassword();
  const passwordHash = await hashPassword(word);
  const id = await context.database.db.transaction(async (trx) => {
    const found = await setPassword(trx, email, passwordHash);
    if (found) await recordEvent(trx, actor, { action: 'passwordSet', subjectKind: 'person', subjectId: found });
    return found;
  });
  if (!id) throw nobody(email);
  return { json: { id, email, ...(made ? { password: word } : {}) }, lines: [`Set a password for ${email}.`, ...(made ? [`Password: ${word}`] : [])] };
}

function nobody(email: string): AppError {
  return new AppError(404, 'not_found', `There is no account with the address ${email}. Add it with "user add".`);
}

function chosenPassword(): { word: string; made: boolean } {
  const given = readNewPassword();
  if (given !== undefined && given.length < 12) throw new UsageError('HOTSPOTS_PASSWORD is shorter than 12 characters. Give a longer one.');
  return given ? { word: given, made: false } : { word: randomBytes(12).toString('base64url'), made: true };
}
