import { testEscapes } from './escape.ts';

testEscapes('namespaces', 'it-escape-ns');
