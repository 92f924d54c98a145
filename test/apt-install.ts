/** A line of a Dockerfile that installs Debian's packages in an image of the lab, whose hosts look names up in /etc/hosts alone. */
export function aptInstall(...packages: string[]): string {
  const namesFrom = (where: string) => `sed -i 's/^hosts:.*/hosts: ${where}/' /etc/nsswitch.conf`;
  const steps = [
    'export DEBIAN_FRONTEND=noninteractive',
    namesFrom('files dns'),
    'apt-get update',
    `apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    namesFrom('files'),
    'apt-get clean',
    'rm -rf /var/lib/apt/lists/* /var/cache/apt/*',
  ];
  return `RUN ${steps.join(' && ')}\n`;
}
