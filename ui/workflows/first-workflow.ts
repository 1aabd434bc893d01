import type { DefinitionText } from './text.ts';

/** A workflow that runs at once on any installation: it needs no keys, no network and no files. */
export const FIRST_WORKFLOW: DefinitionText = {
  format: 'yaml',
  text: `# Writes a report about a few orders into the workspace and reads it back. Change anything: it needs nothing else.
name: My first workflow
description: Sums up a few orders by country and writes a report.
metadata: { tags: [example] }
variables:
  - { name: title, type: string, default: Orders by country, description: Heads the report. }
steps:
  - id: orders
    name: Make up some orders
    type: set
    config:
      values:
        list:
          - { country: Norway, amount: 120 }
          - { country: Japan, amount: 80 }
          - { country: Norway, amount: 40 }
          - { country: Peru, amount: 95 }
  - id: by_country
    name: Sum up by country
    type: action
    action:
      type: data.aggregate
      parameters:
        items: "{{ steps.orders.output.list }}"
        groupBy: country
        metrics: [{ name: total, operation: sum, field: amount }]
  - id: write
    name: Write the report
    type: action
    action:
      type: file.write
      parameters:
        path: first-report.md
        content: "# {{ variables.title }}\\n\\n{{ steps.by_country.output.groups.map(g => '- ' + g.key.country + ': ' + g.metrics.total).join('\\n') }}\\n"
  - id: read
    name: Read it back
    type: action
    action: { type: file.read, parameters: { path: first-report.md } }
output: { report: "{{ steps.read.output.content }}" }
`,
};
