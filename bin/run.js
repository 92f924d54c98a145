import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Signals that come within this time, in milliseconds, are one: a terminal's Ctrl-C reaches us directly and by npm. */
const oneSignal = 300;

/**
 * Runs a program to its end and resolves to its exit status (128 + signal where one ended it). It has a session of its
 * own, so that it gets each signal once, from here: a second one means "leave at once" to those who clean up.
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      ...options,
    });
    let last = Number.NEGATIVE_INFINITY;
    const pass = (signal) => {
      if (performance.now() - last < oneSignal) return;
      last = performance.now();
      child.kill(signal);
    };
    for (const name of signals) process.on(name, pass);
    const settle = (how) => (value, signal) => {
      for (const name of signals) process.off(name, pass);
      how(value ?? 128 + constants.signals[signal]);
    };
    child.once('error', settle(reject));
    child.once('exit', settle(resolve));
  });
}
