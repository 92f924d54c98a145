import { expect, it } from 'vitest';
import { withoutIptablesTables } from '../../../lab/policy/nft/beside-iptables.ts';

const iptables = `table ip filter {
	chain FORWARD {
		type filter hook forward priority filter; policy drop;
		xt match "comment" counter accept
	}

	chain DOCKER {
	}
}
`;
const own = `table inet fw {
	chain forward {
		type filter hook forward priority 10; policy accept;
	}
}
`;

it('leaves out the tables of iptables, and the lines stay', () => {
  const { text, left } = withoutIptablesTables(`${iptables}table ip6 filter {\n}\n${own}`);
  expect(left).toEqual(['ip filter', 'ip6 filter']);
  expect(text.trim()).toBe(own.trim());
  expect(text.split('\n').indexOf('table inet fw {')).toBe(11);
});

it('takes tables that iptables has no name for as they are', () => {
  const others = own + own.replace('inet fw', 'ip fw').replace('forward {', 'FORWARD {');
  expect(withoutIptablesTables(others)).toEqual({ text: others, left: [] });
});

it("refuses one that has the name of iptables' and is not", () => {
  expect(() => withoutIptablesTables(own.replace('inet fw', 'ip filter'))).toThrow(
    /Table ip filter of nft has the name of one of iptables'/,
  );
});
