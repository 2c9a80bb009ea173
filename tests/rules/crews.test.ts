/** Crews of a shift: as good as the best of every parting, the rules among wardens kept, repeated by the seed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CrewInputs, type CrewPair, crewsOf } from '../../server/rounds/crews.ts';
import { crewNotes, refuseBroken } from '../../server/rounds/crewWords.ts';
import { drawsOf } from '../../server/rounds/roundDraw.ts';

const members = (holds: readonly string[]): CrewInputs['members'] => holds.map((kinds, index) => ({ id: `w${index}`, reference: `H-0${index + 1}`, holds: kinds.split(' ').filter(Boolean) }));
const made = (given: Partial<CrewInputs> & Pick<CrewInputs, 'members'>, seed = '1') => crewsOf({ crewSize: 2, pairs: [], wants: [], ...given }, drawsOf(seed));
const pairs = (...lines: readonly string[]): CrewPair[] => lines.map((line) => {
  const [first = '', rule = '', second = ''] = line.split(' ');
  return { first, second, rule: rule === 'cannot' || rule === 'should_not' ? rule : 'beside' };
});

/** What a parting costs by the rules as they are written, worked out apart from the planner. */
function costOf({ members: all, pairs: rules, wants }: CrewInputs, crews: readonly (readonly string[])[]): number {
  const crewOf = (id: string): number => crews.findIndex((crew) => crew.includes(id));
  const together = ({ first, second }: CrewPair): boolean => crewOf(first) === crewOf(second);
  const broken = rules.filter((pair) => (pair.rule === 'cannot' && together(pair)) || (pair.rule === 'beside' && !together(pair))).length;
  const lacking = crews.flatMap((crew) => wants.filter((kind) => all.every(({ id, holds }) => !crew.includes(id) || !holds.includes(kind)))).length;
  return broken * 1e6 + lacking * 40 + rules.filter((pair) => pair.rule === 'should_not' && together(pair)).length * 2;
}

/** Every way of filling crews of a size in turn, each order of the wardens. */
function everyParting(ids: readonly string[], size: number): string[][][] {
  if (ids.length === 0) return [[]];
  const orders = (left: readonly string[]): string[][] => (left.length === 0 ? [[]] : left.flatMap((each) => orders(left.filter((other) => other !== each)).map((rest) => [each, ...rest])));
  return orders(ids).map((order) => Array.from({ length: Math.ceil(order.length / size) }, (_, crew) => order.slice(crew * size, (crew + 1) * size)));
}

describe('the crews of a shift', () => {
  test('are as good as the best of every parting, whatever the rules', () => {
    const rule = fc.record({ first: fc.integer({ min: 0, max: 5 }), second: fc.integer({ min: 0, max: 5 }), rule: fc.constantFrom<CrewPair['rule']>('cannot', 'should_not', 'beside') });
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), fc.array(rule, { maxLength: 6 }), fc.array(fc.constantFrom('', 'accreditation', 'driving', 'accreditation driving'), { minLength: 6, maxLength: 6 }), fc.integer({ min: 0, max: 99 }), (many, crewSize, rules, holds, seed) => {
      const inputs: CrewInputs = {
        crewSize, members: members(holds.slice(0, many)), wants: ['accreditation', 'driving'],
        pairs: rules.filter(({ first, second }) => first !== second && first < many && second < many).map(({ first, second, rule: kind }) => ({ rule: kind, first: `w${first}`, second: `w${second}` })),
      };
      const { crews } = crewsOf(inputs, drawsOf(String(seed)));
      expect(crews.flat().toSorted()).toEqual(inputs.members.map(({ id }) => id));
      expect(crews.map(({ length }) => length)).toEqual(Array.from({ length: Math.ceil(many / crewSize) }, (_, crew) => Math.min(crewSize, many - crew * crewSize)));
      expect(costOf(inputs, crews)).toBe(Math.min(...everyParting(inputs.members.map(({ id }) => id), crewSize).map((each) => costOf(inputs, each))));
    }), { numRuns: 60 });
  });

  test('keep two apart who cannot work together, and who works only beside another with them, for every seed', () => {
    const given = { members: members(['', '', '', '', '']), pairs: pairs('w0 cannot w1', 'w2 beside w3') };
    for (let seed = 0; seed < 40; seed++) {
      const { crews, broken } = made(given, String(seed));
      expect(broken).toEqual([]);
      expect(crews.some((crew) => crew.includes('w0') && crew.includes('w1'))).toBe(false);
      expect(crews).toContainEqual(['w2', 'w3']);
    }
  });

  test('are the same for one seed, and differ over seeds', () => {
    const given = { members: members(['', '', '', '', '', '']) };
    expect(made(given, '7')).toEqual(made(given, '7'));
    expect(new Set(Array.from({ length: 30 }, (_, seed) => JSON.stringify(made(given, String(seed)).crews.map((crew) => crew.join()).toSorted()))).size).toBeGreaterThan(8);
  });

  test('share out accreditation and driving, and say of a crew what nobody in it holds', () => {
    const inputs: CrewInputs = { crewSize: 2, members: members(['accreditation', 'accreditation', 'driving', 'driving']), pairs: [], wants: ['accreditation', 'driving'] };
    for (let seed = 0; seed < 20; seed++) expect(crewsOf(inputs, drawsOf(String(seed))).lacking).toEqual([]);
    const few: CrewInputs = { ...inputs, members: members(['accreditation driving', '', '', '']), wants: ['accreditation'] };
    const found = crewsOf(few, drawsOf('1'));
    const [lacking] = found.lacking;
    expect(found.lacking).toHaveLength(1);
    const crew = found.crews[lacking?.crew ?? 9]?.map((id) => `H-0${Number(id.slice(1)) + 1}`).join(', ');
    expect(crewNotes({ inputs: {} as never, keys: [], crews: few }, found)).toEqual([`Crew ${(lacking?.crew ?? 9) + 1} (${crew}) has nobody with accreditation for the whole shift, and no other parting of the shift has fewer such crews.`]);
  });

  test('of twenty wardens with rules among them are found', () => {
    const many = { members: members(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'accreditation' : ''))), wants: ['accreditation'], pairs: pairs('w0 cannot w1', 'w2 cannot w3', 'w4 beside w6', 'w5 should_not w7') };
    expect(made(many).broken).toEqual([]);
    expect(made(many).crews).toHaveLength(10);
  });

  test('that no parting gives are refused by name', () => {
    const two: CrewInputs = { crewSize: 2, members: members(['', '']), pairs: pairs('w0 cannot w1'), wants: [] };
    const three: CrewInputs = { crewSize: 2, members: members(['', '', '']), pairs: pairs('w0 beside w2', 'w1 beside w2'), wants: [] };
    const refused = (inputs: CrewInputs) => () => refuseBroken({ inputs: {} as never, keys: [], crews: inputs }, crewsOf(inputs, drawsOf('1')));
    expect(refused(two)).toThrow('H-01 and H-02 cannot work together: the 2 wardens of this shift cannot be parted into crews of 2 so. Change who is on the shift, or the rule on the warden’s page.');
    expect(refused(three)).toThrow(/^H-0[12] works only beside H-03: the 3 wardens/);
  });
});
