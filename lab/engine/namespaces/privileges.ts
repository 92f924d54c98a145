import { readFileSync } from 'node:fs';

/** Bit of CAP_SYS_ADMIN (capabilities(7)). */
const sysAdmin = 21n;

/**
 * Options of unshare(1) that give the lab the rights that it needs: none if this user may make namespaces; otherwise a user
 * namespace in which this user is root and all subordinate ids are mapped, because servers change to other users.
 */
export function userNamespaceOptions(): string[] {
  return mayMakeNamespaces() ? [] : ['--user', '--map-auto', '--map-root-user'];
}

/** The same for nsenter(1), which has to enter that user namespace first. */
export function enterOptions(): string[] {
  return mayMakeNamespaces() ? [] : ['--user', '--preserve-credentials'];
}

/** This process' environment with the sbin folders in PATH, for programs such as ip(8). */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin` };
}

/** Whether the lab's overlays are mounted from within a user namespace: this user's own, or one that this process is in already. */
export function inUserNamespace(): boolean {
  return (
    !mayMakeNamespaces() || !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  );
}

let may: boolean | undefined;

/** Whether this process may make namespaces without a user namespace of its own. */
export function mayMakeNamespaces(): boolean {
  if (may === undefined) {
    const [, effective = '0'] = /^CapEff:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    may = ((BigInt(`0x${effective}`) >> sysAdmin) & 1n) === 1n;
  }
  return may;
}
