/** The English Indices of Deprivation: 2019 on 2011 LSOAs, 2025 on 2021 LSOAs; score, rank and decile of each measure. */
import { type DeprivationRow, readCode, readNumber, type Table } from './tableRow.ts';

const measures: readonly [inHeader: string, measure: string][] = [
  ['IMD', 'overall'], ['Income', 'income'], ['Employment', 'employment'], ['Education', 'education'], ['Health', 'health'], ['Crime', 'crime'],
  ['Housing_and_Access', 'housing'], ['Housing_and_Services', 'housing'], ['Environment', 'environment'],
];

function indexTable(indexYear: number, codeColumn: string, says: string): Table {
  return {
    says,
    publisher: 'mhclg',
    fits: (header) => header.includes(codeColumn) && header.includes('IMD_decile') && header.includes('IMD_rank'),
    read(row, header) {
      const lsoaCode = readCode(row, codeColumn);
      if (typeof lsoaCode !== 'string') return lsoaCode;
      const deprivation: DeprivationRow[] = [];
      for (const [name, measure] of measures) {
        const column = (ending: string): string | undefined => (header.includes(`${name}_${ending}`) ? `${name}_${ending}` : undefined);
        if (!column('decile')) continue;
        // Published for 2019 as a percentage of people, for 2025 as a share: kept as a share.
        const percentage = readNumber(row, column('score_pct'));
        const score = readNumber(row, column('score'));
        const rank = readNumber(row, column('rank'));
        const decile = readNumber(row, column('decile'));
        for (const value of [percentage, score, rank, decile]) if (value !== null && typeof value !== 'number') return value;
        const share = typeof percentage === 'number' ? percentage / 100 : (score as number | null);
        deprivation.push({ lsoaCode, indexYear, measure, score: share, rank: rank as number | null, decile: decile as number | null });
      }
      return { deprivation };
    },
  };
}

export const deprivationTables: readonly Table[] = [
  indexTable(2019, 'lsoa11_code', 'Index of Multiple Deprivation 2019 of 2011 LSOAs'),
  indexTable(2025, 'lsoa21_code', 'Index of Multiple Deprivation 2025 of 2021 LSOAs'),
];
