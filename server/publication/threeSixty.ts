/** Grants in the 360Giving Data Standard (version 1.1 of its JSON, https://standard.threesixtygiving.org). Pure. */
import { type GrantsContent, prefixFault } from './contract.ts';

export const openGovernmentLicence = 'http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/';

/** Pounds as the number the standard asks for; pence stay whole until here, and a double holds two decimals of them exactly enough to print. */
const pounds = (pence: number): number => Number(`${Math.trunc(pence / 100)}.${String(pence % 100).padStart(2, '0')}`);

/** Stands in identifiers until the publisher has a prefix of its own: it cannot be taken for one. */
const unregistered = 'NOT-REGISTERED';

/** Identifiers of bodies follow the fallback of the standard: the publisher's prefix and its own code. */
export function threeSixtyPackage(content: GrantsContent, issued: string): object {
  const fault = prefixFault(content.prefix);
  const prefix = fault === null ? content.prefix : unregistered;
  const organisation = (code: string, name: string): object => ({ id: `${prefix}-ORG:${code}`, name });
  return {
    version: '1.1', title: `${fault === null ? '' : 'NOT REGISTERED: '}Crime and disorder reduction grants in force in ${content.month}`, ...(fault === null ? {} : { description: fault }), identifier: `${prefix}-grants-${content.month}`, issued, license: openGovernmentLicence,
    publisher: { name: content.publisher },
    grants: content.rows.map((row) => ({
      id: `${prefix}-${row.reference}`, title: `${row.programme}: ${row.recipient}`.slice(0, 140), description: [row.purpose, row.reasons].filter(Boolean).join(' '),
      currency: 'GBP', amountAwarded: pounds(row.amountPence), awardDate: row.awardDate,
      plannedDates: [{ startDate: row.startsOn, endDate: row.endsOn }],
      recipientOrganization: [organisation(row.recipientCode, row.recipient)], fundingOrganization: [organisation('OPCC', content.publisher)],
      grantProgramme: [{ code: row.programme, title: row.programme }], fromOpenCall: 'No',
    })),
  };
}
