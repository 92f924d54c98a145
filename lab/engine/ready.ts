import { LabError } from '../errors.ts';
import type { Readiness } from '../stack/labels.ts';
import type { EndedProcess } from './engine.ts';
import type { DesiredContainer } from './stack-file.ts';

/** How long a host may take from its start to show that it works, in seconds. */
export const readyWithinSeconds = 15;

/** Exit status of a check that ran out of time; bash and engines use other statuses. */
const deadlinePassed = 99;

/*
 * Each check is one bash script in the host that tries until it succeeds or $2 seconds are over; the last line
 * that it prints on failure is the reason. $1 is the host's address, $3 tells a host just started from one that was
 * there, whose firewall may have a rule set loaded.
 */
const until = (attempt: string) => `
attempt() {
${attempt}
}
end=$((SECONDS + $2))
exec 9<> <(:) # nothing ever comes from there; sleep(1) would be a process each time
while :; do
  reason=$(attempt "$1" "$3" 2>&1) && exit 0
  [ $SECONDS -ge $end ] && break
  read -rt 0.02 -u 9
done
printf '%s\\n' "$reason"
exit ${deadlinePassed}`;

const checks: Record<Readiness, string> = {
  // The staged servers are behind inetd(8): that it listens for them is enough, since each greeting is a daemon's start.
  ftp: until(`
  exec 3<>"/dev/tcp/$1/21" || return 1
  IFS= read -r -t 5 greeting <&3 || { echo "$1 accepts, but sends no greeting"; return 1; }
  printf 'QUIT\\r\\n' >&3
  case $greeting in 220*) ;; *) echo "$1 greets with: $greeting"; return 1 ;; esac
  listening=$(ss -Hltn) || { echo "$listening"; return 1; }
  while read -r place _; do
    case $listening in *" $place "*) ;; *) echo "nobody listens on $place"; return 1 ;; esac
  done < /run/staged.conf`),
  firewall: until(`
  tracing=
  for line in /proc/[0-9]*/cmdline; do
    mapfile -d '' -t words < "$line" && [ "\${words[*]}" = 'nft -a -n monitor trace' ] && tracing=yes
  done 2>/dev/null
  [ -n "$tracing" ] || { echo "nft monitor does not run"; return 1; }
  [ "$2" = fresh ] || return 0
  policy=$(iptables -S FORWARD) || { echo "$policy"; return 1; }
  case $policy in "-P FORWARD DROP"*) ;; *) echo "forwarding is not denied by default: $policy"; return 1 ;; esac`),
  routes: until(`
  while IFS= read -r -d ';' route; do
    [ -z "$route" ] && continue
    family=-4
    case $route in *::*) family=-6; [ -e /proc/sys/net/ipv6 ] || continue ;; esac
    found=$(ip $family route show "\${route%% via *}")
    case "$found " in *"via \${route##* via } "*) ;; *) echo "no route $route; there is: $found"; return 1 ;; esac
  done <<< "$LAB_ROUTES;"`),
};

/** A host to wait for. */
export interface StartedHost {
  readonly desired: DesiredContainer;
  run(command: readonly string[], signal: AbortSignal): Promise<EndedProcess>;
  /** How a host that has exited ended, and what it said last; `undefined` for one that runs. */
  lastWords(): Promise<string | undefined>;
  /** A command to try the host's image by hand. */
  readonly byHand: string;
}

/** How {@link awaitReady} waits. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** Whether the host was started just now. */
  readonly fresh: boolean;
}

/**
 * Waits until a started host shows what its label `isa-ftp-lab.ready` asks for; a host without that label is
 * ready at once. Throws LabError `not-ready` with the reason: it exited (with its last words), or what the check found.
 */
export async function awaitReady(host: StartedHost, { signal, seconds, fresh }: Patience): Promise<void> {
  const { name, ready, networks } = host.desired;
  if (ready === null) return;
  const command = [
    ...['bash', '-c', checks[ready], 'ready'],
    ...[networks[0].address, String(seconds), fresh ? 'fresh' : 'kept'],
  ];
  // The script keeps the deadline itself; the second limit is for a host that cannot even finish the script.
  const limit = AbortSignal.any([signal, AbortSignal.timeout((seconds + 5) * 1000)]);
  let said: string;
  try {
    const { code, stdout, stderr } = await host.run(command, limit);
    if (code === 0) return;
    said = stdout.trim().split('\n').at(-1) || stderr.trim() || `the check ended with status ${code}`;
    if (code === deadlinePassed) said = `within ${seconds} s, ${said}`;
  } catch (error) {
    signal.throwIfAborted();
    said = limit.aborted ? `the check did not end within ${seconds + 5} s` : (error as Error).message;
  }
  throw new LabError(
    'environment',
    'not-ready',
    `${name} is not ready: ${(await host.lastWords()) ?? said}`,
    `Try its image by hand: ${host.byHand}`,
  );
}
