import { LabError } from '../../errors.ts';
import { makeMirror, settingsFile } from './mirror.ts';

/* `npm run terraform-mirror`: builds the provider for machines that cannot reach Terraform's registry. */
makeMirror((message) => console.error(message)).then(
  (folder) => {
    console.log(`The provider is in ${folder}; "ftplab up --engine terraform" finds it there.`);
    console.log(`For Terraform or cdktf by hand: export TF_CLI_CONFIG_FILE=${settingsFile()}`);
  },
  (error: unknown) => {
    if (!(error instanceof LabError)) throw error;
    console.error(`${error.message}\n  ${error.hint}`);
    process.exitCode = 3;
  },
);
