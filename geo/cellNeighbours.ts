import { getBaseCellNumber, getPentagons, gridDisk } from 'h3-js';
import { numberOfId, resolutionOfId } from './cellNumber.ts';
import { adjacencyOfRows } from './neighbours.ts';
import type { Adjacency } from './neighbours.ts';

/** Cells of one resolution as places on the lattices of their base cells, with a table to find them again. */
interface LatticeTable {
  baseCells: Uint8Array;
  is: Int32Array;
  js: Int32Array;
  /** Positions + 1 by hashed place; 0 is empty. */
  slots: Int32Array;
}

/**
 * The touching H3 cells within a list of distinct cells of one resolution, rows ascending: six each, fewer at the edge of the list.
 * Within a base cell (the whole of Britain is one) neighbours are steps on its lattice; h3-js is asked only for cells that miss a
 * neighbour when the list spans several base cells, and for pentagons. Throws on a text that is no cell, a repeat, or mixed resolutions.
 */
export function cellNeighbours(cells: readonly string[], includeSelf = true): Adjacency {
  const table = latticeTable(cells);
  return table ? latticeNeighbours(cells, table, includeSelf) : askedNeighbours(cells, includeSelf);
}

/** Undefined when the resolution is outside 1 to 10, which the lattice here does not hold. */
function latticeTable(cells: readonly string[]): LatticeTable | undefined {
  const n = cells.length;
  const resolution = resolutionOfId(cells[0] ?? '');
  if (!(resolution >= 1 && resolution <= 10)) return undefined;
  const table = { baseCells: new Uint8Array(n), is: new Int32Array(n), js: new Int32Array(n), slots: new Int32Array(2 ** Math.ceil(Math.log2(n * 2 + 2))) };
  for (let at = 0; at < n; at++) placeCell(cells[at] as string, at, resolution, table);
  return table;
}

function placeCell(id: string, at: number, resolution: number, table: LatticeTable): void {
  readPlace(id, resolution);
  const [baseCell, i, j] = [read[0] as number, read[1] as number, read[2] as number];
  table.baseCells[at] = baseCell;
  table.is[at] = i;
  table.js[at] = j;
  const slot = slotOf(table, baseCell, i, j);
  if (table.slots[slot] !== 0) throw new RangeError(`Cell ${id} is given twice: give each cell once.`);
  table.slots[slot] = at + 1;
}

/** Base cell and place on its lattice of the id read last. */
const read = new Int32Array(3);

/** Follows an id's digits down from its base cell; odd resolutions grow the lattice by one matrix, even ones by its mirror image. */
function readPlace(id: string, resolution: number): void {
  const number = numberOfId(id);
  if (Number.isNaN(number) || resolutionOfId(id) !== resolution) throw new RangeError(`"${id}" is not an H3 cell of resolution ${resolution} like the others: give cells of one resolution.`);
  const size = 2 ** (3 * resolution);
  const baseCell = Math.floor(number / size);
  const digits = number - baseCell * size;
  let i = 0;
  let j = 0;
  for (let level = 1, place = 3 * (resolution - 1); level <= resolution; level++, place -= 3) {
    const digit = (digits >>> place) & 7;
    const down = level % 2 === 1 ? 2 * i + j : 3 * i - j;
    j = (level % 2 === 1 ? 3 * j - i : i + 2 * j) + (stepJ[digit] as number);
    i = down + (stepI[digit] as number);
  }
  read[0] = baseCell;
  read[1] = i;
  read[2] = j;
}

/** The steps of H3's digits 0 to 6 along its first two axes, which are 120° apart. */
const stepI = Int8Array.of(0, -1, 0, -1, 1, 0, 1, 0);
const stepJ = Int8Array.of(0, -1, 1, 0, 0, -1, 1, 0);

/** The slot that holds a place, or the empty one where it would go. */
function slotOf({ baseCells, is, js, slots }: LatticeTable, baseCell: number, i: number, j: number): number {
  const mask = slots.length - 1;
  let slot = (Math.imul(i, 0x9e3779b1) + Math.imul(j, 0x85ebca6b) + baseCell) >>> 0;
  slot = (slot ^ (slot >>> 15)) & mask;
  for (;;) {
    const at = (slots[slot] as number) - 1;
    if (at < 0 || (is[at] === i && js[at] === j && baseCells[at] === baseCell)) return slot;
    slot = (slot + 1) & mask;
  }
}

function latticeNeighbours(cells: readonly string[], table: LatticeTable, includeSelf: boolean): Adjacency {
  const n = cells.length;
  const { baseCells, is, js, slots } = table;
  const mayLack = basesToAsk(baseCells);
  const offsets = new Int32Array(n + 1);
  const targets = new Int32Array(n * 7);
  let end = 0;
  for (let at = 0; at < n; at++) {
    const start = end;
    const baseCell = baseCells[at] as number;
    if (includeSelf) targets[end++] = at;
    for (let digit = 1; digit <= 6; digit++) {
      const found = slots[slotOf(table, baseCell, (is[at] as number) + (stepI[digit] as number), (js[at] as number) + (stepJ[digit] as number))] as number;
      if (found > 0) targets[end++] = found - 1;
    }
    const asks = mayLack[baseCell] === 2 || (mayLack[baseCell] === 1 && end - start < (includeSelf ? 7 : 6));
    if (asks) end = askH3(cells[at] as string, at, table, includeSelf, targets, start);
    sortRow(targets, start, end);
    offsets[at + 1] = end;
  }
  return { offsets, targets: targets.slice(0, end), includesSelf: includeSelf };
}

/** By base cell: 0 the lattice says all, 1 a missing neighbour may lie in another base cell, 2 a pentagon, always ask. */
function basesToAsk(baseCells: Uint8Array): Uint8Array {
  const used = new Set(baseCells);
  const asks = new Uint8Array(128).fill(used.size > 1 ? 1 : 0);
  for (const pentagon of getPentagons(0)) asks[getBaseCellNumber(pentagon)] = 2;
  return asks;
}

function askH3(id: string, self: number, table: LatticeTable, includeSelf: boolean, targets: Int32Array, start: number): number {
  const resolution = resolutionOfId(id);
  let end = start;
  for (const other of gridDisk(id, 1)) {
    readPlace(other, resolution);
    const at = (table.slots[slotOf(table, read[0] as number, read[1] as number, read[2] as number)] as number) - 1;
    if (at >= 0 && (includeSelf || at !== self)) targets[end++] = at;
  }
  return end;
}

function sortRow(targets: Int32Array, start: number, end: number): void {
  for (let k = start + 1; k < end; k++) {
    const value = targets[k] as number;
    let at = k;
    for (; at > start && (targets[at - 1] as number) > value; at--) targets[at] = targets[at - 1] as number;
    targets[at] = value;
  }
}

/** The plain way, for resolutions the lattice here does not hold. */
function askedNeighbours(cells: readonly string[], includeSelf: boolean): Adjacency {
  const position = new Map(cells.map((cell, index) => [cell, index]));
  const rows = cells.map((cell, i) => gridDisk(cell, 1).flatMap((other) => position.get(other) ?? []).filter((at) => includeSelf || at !== i).sort((a, b) => a - b));
  return adjacencyOfRows(rows, includeSelf);
}
