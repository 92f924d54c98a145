import { endpointOf } from '../../model/endpoint.ts';
import { HttpConversation } from '../ftp/http-conversation.ts';
import type { Program } from './client-program.ts';
import { curl, transferArguments } from './curl.ts';

/**
 * A client that speaks HTTP to a web proxy, which speaks FTP to the server (curl(1), --proxy): GET to list and to retrieve,
 * PUT to store. The account goes into a header, as browsers do it: proxies refuse addresses with a password in them.
 */
export const webProxy: Program = {
  conversation: () => new HttpConversation(),
  peerOf: ({ proxy = '' }) => proxy,
  invocation({ host, port, user, password, proxy }, job) {
    const account = Buffer.from(`${user}:${password}`).toString('base64');
    return {
      command: [
        'curl',
        '--verbose',
        '--no-progress-meter',
        '--proxy',
        `http://${proxy}`,
        '--header',
        `Authorization: Basic ${account}`,
        ...transferArguments(`ftp://${endpointOf(host, port)}/`, job),
      ],
    };
  },
  reader() {
    const read = curl.reader();
    return (line) => {
      const { control, shown } = read(line);
      if (!control) return { shown };
      const text = control.text.replace(/^(Authorization: Basic ).*/i, '$1###');
      return text === '' ? { shown } : { control: { ...control, text }, shown };
    };
  },
};
