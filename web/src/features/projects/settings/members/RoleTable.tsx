import { Table, Text } from "@mantine/core"
import { IconCheck } from "@tabler/icons-react"

import { useRoles, type Role } from "../../../../api/roles"
import { ErrorState, LoadingState } from "../../../../ui"
import { strings } from "../strings"

/** What each role may do, from the same table that the server checks by; one's own role stands out. */
export function RoleTable({ own }: { own: Role }) {
  const table = useRoles()
  if (table.isPending) return <LoadingState label={strings.loading} />
  if (table.isError) return <ErrorState error={table.error} onRetry={() => void table.refetch()} />
  const { roles, permissions } = table.data
  const look = (role: Role) => (role === own ? "var(--mantine-color-default-hover)" : undefined)
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing={6} data-testid="roles">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{strings.may}</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role.name} ta="center" bg={look(role.name)} title={role.text}>
                {strings.roleNames[role.name]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.map((permission) => (
            <Table.Tr key={permission.name}>
              <Table.Td>
                <Text size="sm">{permission.text}</Text>
              </Table.Td>
              {roles.map((role) => (
                <Table.Td key={role.name} ta="center" bg={look(role.name)}>
                  {role.permissions.includes(permission.name) ? <IconCheck size={16} aria-label={strings.yes} /> : <span aria-label={strings.no} role="img" />}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
