import type { AnnotationFormat } from '../../model/vocabulary.ts';
import type { Annotation } from './annotations.ts';

/** Annotations as a service reads them. `digest` gives a short text that stays the same for the same words. */
export function annotationsText(
  format: AnnotationFormat,
  annotations: readonly Annotation[],
  digest: (words: string) => string,
): string {
  switch (format) {
    case 'github':
      return annotations.map((annotation) => `${workflowCommand(annotation)}\n`).join('');
    case 'gitlab':
      return `${JSON.stringify(
        annotations.map((annotation) => codeQuality(annotation, digest)),
        null,
        2,
      )}\n`;
    case 'junit':
      return junit(annotations);
  }
}

/** A workflow command of GitHub Actions ("Workflow commands", escaped as its toolkit does). */
function workflowCommand({ level, file, line, title, message }: Annotation): string {
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const places = [
    ...(file === null ? [] : [`file=${property(file)}`]),
    ...(file === null || line === null ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${places.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** An entry of GitLab's Code Quality report, which merge requests show beside the line. */
function codeQuality(
  { level, file, line, title, message }: Annotation,
  digest: (words: string) => string,
): object {
  return {
    description: `${title}. ${message.replaceAll('\n', ' ')}`,
    check_name: 'ftplab',
    fingerprint: digest([file, line, level, title, message].join('\n')),
    severity: level === 'error' ? 'major' : 'info',
    location: { path: file ?? '', lines: { begin: line ?? 1 } },
  };
}

/** JUnit's XML, of which GitLab and others show the failures; one test that passes if nothing is wrong. */
function junit(annotations: readonly Annotation[]): string {
  const errors = annotations.filter(({ level }) => level === 'error');
  const cases = errors.map(
    ({ file, line, title, message }) =>
      `    <testcase classname="ftplab" name="${xml(title)}"${file === null ? '' : ` file="${xml(file)}"`}>
      <failure message="${xml(title)}">${xml(`${file ?? ''}${line === null ? '' : `:${line}`}\n${message}`)}</failure>
    </testcase>`,
  );
  const all = cases.length > 0 ? cases : ['    <testcase classname="ftplab" name="uploads are as asked"/>'];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="ftplab" tests="${all.length}" failures="${errors.length}">
${all.join('\n')}
  </testsuite>
</testsuites>
`;
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
