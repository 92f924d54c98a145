/** A file of some 400 KB with one wrong address, in the last rule but a thousand. */
export function bigWrongAddress(): string {
  const rules = Array.from({ length: 6000 }, (_, n) => {
    const address = n === 5000 ? '10.79.2.300' : `203.0.${n >> 8}.${n & 255}`;
    return `-A FORWARD -s ${address}/32 -i ppp0 -p tcp -m tcp --dport 21 -j DROP\n`;
  });
  return `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.join('')}COMMIT\n`;
}
