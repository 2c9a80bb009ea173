/**
 * What the published schema of the 360Giving Data Standard asks of a package and its grants, as a JSON schema: the fields this service writes,
 * with the standard's required lists, types, patterns and formats. Source: ThreeSixtyGiving/standard, schema/360-giving-schema.json and
 * 360-giving-package-schema.json, version 1.1, written down again in the later dialect of JSON schema.
 */
const text = { type: 'string' } as const;
const day = '^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$';
const date = { type: 'string', oneOf: [{ format: 'date-time' }, { pattern: day }] } as const;
const eventDate = { type: 'string', anyOf: [{ format: 'date-time' }, { pattern: day }, { pattern: '^[0-9]{4}(-(0[1-9]|1[012]))?$' }] } as const;
const address = { type: 'string', format: 'uri' } as const;
const event = { type: 'object', properties: { title: text, startDate: eventDate, endDate: eventDate, duration: text, description: text } } as const;
const organisation = { type: 'object', required: ['id', 'name'], properties: { id: text, name: text, charityNumber: text, companyNumber: text, postalCode: text, url: address } } as const;
const programme = { type: 'object', properties: { code: text, title: { type: ['string', 'null'] }, url: { type: ['string', 'null'], format: 'uri' } } } as const;
const some = { type: 'array', minItems: 1 } as const;

export const threeSixtyRules = {
  type: 'object', required: ['grants'],
  properties: {
    version: { type: 'string', pattern: '^(\\d+\\.)(\\d+)$' }, title: text, description: text, identifier: text, issued: date, modified: date, license: address,
    publisher: { type: 'object', required: ['name'], properties: { identifier: text, name: text, website: address, logo: address } },
    grants: {
      type: 'array', minItems: 1, uniqueItems: true,
      items: {
        type: 'object',
        required: ['id', 'title', 'description', 'currency', 'amountAwarded', 'awardDate', 'recipientOrganization', 'fundingOrganization'],
        properties: {
          id: text, title: text, description: text, currency: { type: 'string', enum: ['GBP'] },
          amountAppliedFor: { type: 'number' }, amountAwarded: { type: 'number' }, amountDisbursed: { type: 'number' }, awardDate: date, url: address,
          plannedDates: { type: 'array', items: event }, actualDates: { type: 'array', items: event },
          recipientOrganization: { ...some, items: organisation }, fundingOrganization: { ...some, items: organisation }, grantProgramme: { type: 'array', items: programme },
          fromOpenCall: { type: 'string', enum: ['Yes', 'No'] }, dateModified: { type: 'string', format: 'date-time' }, dataSource: { type: ['string', 'null'], format: 'uri' },
        },
      },
    },
  },
} as const;
