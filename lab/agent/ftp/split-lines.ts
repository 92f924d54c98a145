import type { FTPContext } from 'basic-ftp';

/** Between the two segments of a line, in milliseconds: long enough for the first to have left. */
const pauseMs = 20;

/**
 * Makes PORT and EPRT lines leave in two TCP segments, cut within the address. What follows the control connection packet
 * by packet, such as the kernel's FTP helper, then sees no whole line.
 */
export function splitActiveCommands(ftp: FTPContext): void {
  const send = ftp.send.bind(ftp);
  ftp.send = (command) => {
    if (!/^(?:PORT|EPRT) /.test(command)) {
      send(command);
      return;
    }
    const { socket } = ftp;
    const cut = Math.floor(command.length / 2);
    ftp.log(`> ${command}`);
    socket.setNoDelay(true);
    socket.write(command.slice(0, cut));
    setTimeout(() => socket.write(`${command.slice(cut)}\r\n`), pauseMs);
  };
}
