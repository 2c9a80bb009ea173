/** The thread's entry: figures over a whole area of cells, made away from the thread that answers requests. */
import { decideFigures, type FiguresAnswer, type FiguresTask } from './figures.ts';

export default function runFigures(task: FiguresTask): FiguresAnswer {
  return decideFigures(task);
}
