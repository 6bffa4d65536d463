import { Card, Table, Text, Tooltip, UnstyledButton } from "@mantine/core"

import { CardTitle } from "../../ui"
import classes from "./agreement.module.css"
import { strength } from "./judge"
import type { Agreement, AgreementPair, Differing } from "./queries"
import { strings } from "./strings"

interface Props {
  found: Agreement
  onOpen: (differing: Differing) => void
}

/** Everybody against everybody: how often two people say the same; a field leads to where they don't. */
export function PairMatrix({ found, onOpen }: Props) {
  const { people } = found
  const isSkillKnown = people.some((person) => person.skill !== null)
  const pairs = new Map(found.pairs.flatMap((pair) => [[`${pair.first_id} ${pair.second_id}`, pair] as const, [`${pair.second_id} ${pair.first_id}`, pair] as const]))
  return (
    <Card padding="lg" data-testid="pairs">
      <CardTitle gap={false}>{strings.pairs.title}</CardTitle>
      <Text c="dimmed" mb="sm">
        {strings.pairs.text}
      </Text>
      <Table.ScrollContainer minWidth={200}>
        <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={2} w="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {people.map((person) => (
                <Table.Th key={person.user_id} scope="col" className={classes.name} title={person.name}>
                  {person.name}
                </Table.Th>
              ))}
              <Table.Th scope="col" className={classes.average}>
                {strings.pairs.average}
              </Table.Th>
              {isSkillKnown && (
                <Table.Th scope="col" className={classes.average}>
                  <Tooltip multiline w={280} label={strings.pairs.skillHelp}>
                    <span>{strings.pairs.skill}</span>
                  </Tooltip>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.map((person) => (
              <Table.Tr key={person.user_id}>
                <Table.Th scope="row" className={classes.rowName} title={person.name}>
                  {person.name}
                </Table.Th>
                {people.map((other) => (
                  <Table.Td key={other.user_id} p={2}>
                    {other === person ? <span className={classes.self} /> : <Field pair={pairs.get(`${person.user_id} ${other.user_id}`)} names={[person.name, other.name]} onOpen={() => onOpen({ people: [person.user_id, other.user_id] })} />}
                  </Table.Td>
                ))}
                <Table.Td className={classes.average}>
                  <UnstyledButton className={classes.total} onClick={() => onOpen({ people: [person.user_id] })}>
                    {strings.share(person.agreed)}
                  </UnstyledButton>
                </Table.Td>
                {isSkillKnown && <Table.Td className={classes.average}>{strings.share(person.skill)}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  )
}

function Field({ pair, names, onOpen }: { pair: AgreementPair | undefined; names: [string, string]; onOpen: () => void }) {
  if (!pair || pair.agreed === null) {
    return (
      <Tooltip label={strings.pairs.none(...names)}>
        <span className={classes.nothing}>–</span>
      </Tooltip>
    )
  }
  const lines = [
    strings.pairs.field(...names, strings.share(pair.agreed), pair.pictures),
    pair.by_chance !== null && strings.pairs.chance(strings.share(pair.by_chance)),
    pair.kappa !== null && strings.pairs.kappa(strings.number(pair.kappa), strings.beyondChance(pair.kappa)),
    pair.mean_overlap !== null && strings.pairs.overlap(strings.share(pair.mean_overlap)),
    strings.pairs.differ(pair.differ),
  ].filter((line) => line !== false)
  return (
    <Tooltip multiline w={280} label={lines.map((line) => <div key={line}>{line}.</div>)}>
      <UnstyledButton className={classes.field} style={{ "--strength": `${strength(pair.agreed)}%` }} onClick={onOpen} aria-label={lines.join(". ")}>
        {strings.share(pair.agreed)}
      </UnstyledButton>
    </Tooltip>
  )
}
