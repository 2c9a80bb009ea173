/** Population tables: mid-year estimates by single year of age, census age groups of LSOAs, census totals of councils. */
import { type Fault, faultAt } from './fault.ts';
import { type PopulationRow, readCode, readCount, type Table, type TableRow } from './tableRow.ts';

const isAge = (column: string): boolean => /^\d{1,2}$|^90\+$/.test(column);

const singleYears: Table = {
  says: 'population of 2011 LSOAs by single year of age',
  publisher: 'ons',
  needsYear: true,
  fits: (header) => header.includes('lsoa11_code') && header.includes('total_population') && header.includes('0') && header.includes('90+'),
  read(row, header, year) {
    const areaCode = readCode(row, 'lsoa11_code');
    if (typeof areaCode !== 'string') return areaCode;
    const population: PopulationRow[] = [];
    for (const column of header.filter(isAge)) {
      const persons = readCount(row, column);
      if (typeof persons !== 'number') return persons;
      const age = Number.parseInt(column, 10);
      population.push({ areaKind: 'lsoa', areaCode, year: year ?? 0, ageFrom: age, ageTo: column.endsWith('+') ? null : age, persons });
    }
    return checkTotal(row, population) ?? { population };
  },
};

function checkTotal(row: TableRow, population: readonly PopulationRow[]): Fault | undefined {
  const sum = population.reduce((total, { persons }) => total + persons, 0);
  const text = row.text('total_population');
  return String(sum) === text ? undefined : faultAt(row.row, 'total_population', text, `The ages add up to ${sum}.`, 'Correct the row; the total and its ages must agree.');
}

/** "Aged 16 to 24 years" is 16 to 24, "Aged 15 years and under" 0 to 15, "Aged 65 years and over" 65 and over. */
export function readAgeGroup(text: string): { ageFrom: number; ageTo: number | null } | undefined {
  const ages = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const [first, second] = ages;
  if (first === undefined) return undefined;
  if (/under/i.test(text)) return { ageFrom: 0, ageTo: first };
  if (/over/i.test(text)) return { ageFrom: first, ageTo: null };
  return second === undefined || second < first ? undefined : { ageFrom: first, ageTo: second };
}

const ageGroups: Table = {
  says: 'Census 2021 population of 2021 LSOAs by age group',
  publisher: 'ons',
  fits: (header) => ['lsoa21_code', 'age_group', 'usual_residents'].every((column) => header.includes(column)),
  read(row) {
    const areaCode = readCode(row, 'lsoa21_code');
    if (typeof areaCode !== 'string') return areaCode;
    const ages = readAgeGroup(row.text('age_group'));
    if (!ages) return faultAt(row.row, 'age_group', row.text('age_group'), 'The age group names no ages.', 'Write it as "Aged 16 to 24 years".');
    const persons = readCount(row, 'usual_residents');
    return typeof persons === 'number' ? { population: [{ areaKind: 'lsoa', areaCode, year: 2021, ...ages, persons }] } : persons;
  },
};

const councilTotals: Table = {
  says: 'Census 2021 population of councils',
  // In the published table the three age bands do not add up to the total of either sex, and no column says what ages they are.
  note: 'Only the totals are kept: the file does not say which ages its bands cover',
  publisher: 'ons',
  fits: (header) => ['ltla21_code', 'total_population', 'total_females', 'total_males'].every((column) => header.includes(column)),
  read(row) {
    const areaCode = readCode(row, 'ltla21_code');
    if (typeof areaCode !== 'string') return areaCode;
    const counts = ['total_population', 'total_females', 'total_males'].map((column) => readCount(row, column));
    const wrong = counts.find((count) => typeof count !== 'number');
    if (wrong !== undefined) return wrong as Fault;
    const [persons = 0, females = 0, males = 0] = counts as number[];
    if (persons !== females + males) return faultAt(row.row, 'total_population', String(persons), `Females and males add up to ${females + males}.`, 'Correct the row; the total and its parts must agree.');
    return { population: [{ areaKind: 'council', areaCode, year: 2021, ageFrom: 0, ageTo: null, persons }] };
  },
};

export const populationTables: readonly Table[] = [singleYears, ageGroups, councilTotals];
