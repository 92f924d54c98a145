import { Option } from 'commander';

/** `--need CELL`, which may be given again. */
export function needOption(): Option {
  return new Option('--need <cell>', 'an upload that must work (may be given again)').argParser(
    (cell: string, earlier: string[] = []) => [...earlier, cell],
  );
}
