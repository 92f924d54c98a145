import { limits } from '../../lab/stack/limits.ts';
import { testEscapes } from './escape.ts';

// They limit the processes of the lab as a whole.
testEscapes('namespaces', 'it-escape-ns', 8 * limits.processes);
