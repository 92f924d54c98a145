import { firewallNames, machineNames } from '../../lab/network/topology.ts';
import { limits } from '../../lab/stack/limits.ts';
import { testEscapes } from './escape.ts';

// They limit the processes of the lab as a whole.
const containers = machineNames().length + firewallNames().length;
testEscapes('namespaces', 'it-escape-ns', containers * limits.processes);
