#!/usr/bin/env node
// The command line.
import { importOwn } from './own-module.js';

const { main } = await importOwn('lab/cli/main');
process.exitCode = await main(process.argv.slice(2));
