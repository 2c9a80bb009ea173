/** A funder's form as they come: merged headings, a hidden sheet, lists to choose from, colours by value, totals by formula, names, and parts of its own. */
import ExcelJS from 'exceljs';
import type { TemplateMap } from '../../server/returns/definitionContract.ts';
import { readParts, writeParts } from '../../server/returns/workbookZip.ts';

const made = new Date('2023-03-30T10:00:00Z');
const councils = ['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees'];

/** The blank form. */
export async function funderTemplate(): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.created = made;
  workbook.modified = made;
  addSummary(workbook.addWorksheet('Monthly return', { properties: { tabColor: { argb: 'FF00703C' } }, views: [{ state: 'frozen', ySplit: 3 }] }));
  addHotspots(workbook.addWorksheet(`Hotspots & "areas"`));
  const lists = workbook.addWorksheet('Lists', { state: 'hidden' });
  lists.addRows([['Provisional'], ['Final'], ['Warden'], ['PCSO']]);
  workbook.definedNames.add(`'Monthly return'!$C$4`, 'Return_period');
  workbook.definedNames.add(`Lists!$A$1:$A$2`, 'State_list');
  const parts = await readParts(Buffer.from(await workbook.xlsx.writeBuffer()));
  // What other programs leave in a workbook, and a reader of cells alone would lose.
  return writeParts([...parts, { name: 'customXml/item1.xml', content: Buffer.from('<form xmlns="urn:form" version="7"/>'), changedOn: made }]);
}

function addSummary(sheet: ExcelJS.Worksheet): void {
  sheet.mergeCells('B1:E1');
  sheet.getCell('B1').value = { richText: [{ text: 'Hotspot response fund: ', font: { bold: true } }, { text: 'monthly monitoring' }] };
  sheet.mergeCells('C4:E4');
  sheet.mergeCells('B6:B7');
  for (const [at, text] of Object.entries({ B4: 'Month', B6: 'Figure', C6: 'Value', C7: 'as counted', B8: 'Patrols', B9: 'Person-hours', B10: 'Share of long visits', B11: 'ASB incidents', B12: 'Enforcement actions', B14: 'Sum', B16: 'State' })) sheet.getCell(at).value = text;
  for (const at of ['C8', 'C9', 'C10', 'C11', 'C12']) sheet.getCell(at).style = { font: { name: 'Arial', size: 12 }, fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFF2CC' } }, border: { top: { style: 'thin' } } };
  sheet.getCell('C9').numFmt = '[h]:mm';
  sheet.getCell('C10').numFmt = '0.0%';
  sheet.getCell('C8').dataValidation = { type: 'whole', operator: 'between', formulae: [0, 100_000], showErrorMessage: true, error: 'Whole numbers only' };
  sheet.getCell('C16').dataValidation = { type: 'list', formulae: ['State_list'], allowBlank: true };
  sheet.getCell('C14').value = { formula: 'C8+C11+C12', result: 0 };
  sheet.addConditionalFormatting({ ref: 'C8:C12', rules: [{ type: 'cellIs', operator: 'greaterThan', priority: 1, formulae: [100], style: { fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: 'FFFFC7CE' } } } }] });
  sheet.getColumn(2).width = 42;
}

function addHotspots(sheet: ExcelJS.Worksheet): void {
  sheet.mergeCells('A1:D1');
  sheet.getCell('A1').value = 'One row a hotspot';
  sheet.getRow(3).values = ['Hotspot', 'Council', 'Visits', 'Person-hours', 'Live from'];
  for (let row = 4; row <= 9; row += 1) sheet.getCell(row, 4).numFmt = '0.00';
  sheet.getCell('C10').value = { formula: 'SUM(C4:C9)', result: 0 };
  sheet.getCell('G4').value = `Councils: ${councils.join(', ')}`;
  sheet.protect('', { selectLockedCells: true });
}

const places = `'Hotspots & "areas"'`;
/** Which figure stands in which of its cells. */
export const funderMap: Omit<TemplateMap, 'templateId'> = {
  cells: [
    { place: 'Return_period', what: 'period', form: 'words', blank: false },
    { place: `'Monthly return'!C8`, what: 'patrols_once', form: 'number', blank: false },
    { place: `Monthly return!C9`, what: 'person_minutes', form: 'duration', blank: false },
    { place: `'Monthly return'!$C$10`, what: 'long_visits_share', form: 'share', blank: false },
    { place: `'Monthly return'!C11`, what: 'asb_incidents', part: 'test-police', form: 'number', blank: false },
    { place: `'Monthly return'!C12`, what: 'enforcement_actions', council: 'E06000004', form: 'number', blank: false },
  ],
  rows: [{
    sheet: places.slice(1, -1), firstRow: 4, lastRow: 9, each: 'hotspot',
    columns: [
      { column: 'A', what: 'name', form: 'words', blank: false }, { column: 'B', what: 'council', form: 'words', blank: false }, { column: 'C', what: 'visits', form: 'number', blank: true },
      { column: 'D', what: 'person_minutes', form: 'hours', blank: false }, { column: 'E', what: 'live_from', form: 'words', blank: false },
    ],
  }],
};
