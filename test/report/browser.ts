import { type Browser, chromium } from 'playwright-core';
import {
  findProgram,
  installPackages,
  requireInstallable,
  whileInstalling,
} from '../../lab/engine/install-packages.ts';
import { LabError } from '../../lab/errors.ts';

/** No user profile and no network traffic. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A headless Chromium from Debian. If it is missing, it is installed if FTPLAB_INSTALL is 1 and the installation works;
 * otherwise the result says why there is none.
 */
export async function openBrowser(): Promise<Browser | string> {
  const installed = await install();
  if (installed !== undefined) return installed;
  return chromium.launch({ executablePath: findProgram('chromium') ?? '', args: flags });
}

async function install(): Promise<string | undefined> {
  if (findProgram('chromium') !== undefined) return undefined;
  if (process.env.FTPLAB_INSTALL !== '1') return 'there is no chromium, and FTPLAB_INSTALL=1 is not set';
  const packages = ['chromium', 'fonts-dejavu-core'];
  const say = (message: string) => process.stderr.write(`${message}\n`);
  try {
    requireInstallable(packages.join(' '));
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
  await whileInstalling(say, async () => {
    if (findProgram('chromium') === undefined) await installPackages(packages, say);
  });
  return undefined;
}
