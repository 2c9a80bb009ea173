import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeText, freeTextFault } from '../../server/freeText.ts';

describe('what looks like a person is refused', () => {
  test.each([
    ['Spoke to Mr Example about the bins', 'a name with a title', 10],
    ['Dr. Example was present', 'a name with a title', 1],
    ['Call back on 07700 900123', 'a telephone number', 14],
    ['ring 01632 960 001 today', 'a telephone number', 6],
    ['+44 7700 900123', 'a telephone number', 1],
    ['write to someone@example.org', 'an e-mail address', 10],
    ['silver van AB12 CDE', 'a number plate', 12],
    ['seen: A123 BCD', 'a number plate', 7],
    ['ABC 123D parked', 'a number plate', 1],
    ['dob 3 May', 'a date of birth', 1],
    ['he is 01/02/2008', 'a date of birth', 7],
    ['at 12 Example Street, TS1 2AB again', 'a house number with a postcode', 4],
    ['4a, Example Road ts24 7ab', 'a house number with a postcode', 1],
  ])('%s', (text, what, character) => {
    expect(freeTextFault(text)).toMatchObject({ what, character });
  });
});

describe('what wardens really write is kept', () => {
  test.each([
    'Youths signposted to the diversion scheme at 19:30; 3 informal warnings given',
    'Spoke to a shopkeeper on Linthorpe Road about bins',
    'Patrol joined by PCSO 1234 near the A19 and the B1380',
    'Week of 02/10/2023: visits on 14-10-2023',
    'Graffiti on unit 12, reported as job 4567',
    'TS1 2AB is the busiest postcode',
    'Misspelt street sign; Mrsomething Lane',
    '£1,234.56 of damage',
  ])('%s', (text) => {
    expect(freeTextFault(text)).toBeUndefined();
  });
});

test('the place and the cure are told by the contract', () => {
  const { error } = freeText(500).safeParse('Ask Mrs Example');
  expect(error?.issues[0]?.message).toBe('At character 5 this looks like a name with a title (“Mrs Example”). The service holds nothing about individuals. Write “a resident” or “a shopkeeper” instead.');
});

test('no text makes a rule run on and on', () => {
  const long = [' 1'.repeat(50_000), '0'.repeat(100_000), 'a@'.repeat(50_000), 'A1 '.repeat(30_000), '1 a'.repeat(30_000)];
  expect(() => long.forEach(freeTextFault)).not.toThrow();
  fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => freeTextFault(text) === undefined || text.includes(freeTextFault(text)!.found)));
});
