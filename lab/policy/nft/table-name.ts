/** A table as traces and verdicts name it: by its name in the family ip, else by family and name. */
export function tableName(family: string, name: string): string {
  return family === 'ip' ? name : `${family} ${name}`;
}

/** What begins the names of ip6tables' tables in traces and verdicts. */
export const ofIp6tables = 'ip6 ';
