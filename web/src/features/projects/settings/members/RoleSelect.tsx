import { Select, type SelectProps } from "@mantine/core"

import { rolesUpTo, useRoles, type Role } from "../../../../api/roles"
import { strings } from "../strings"

interface Props extends Omit<SelectProps, "value" | "onChange" | "data"> {
  value: Role
  /** The role of whoever chooses; none above it is offered. */
  upTo: Role
  onChange: (role: Role) => void
}

/** One of the roles, each with what it is for. */
export function RoleSelect({ value, upTo, onChange, ...props }: Props) {
  const roles = useRoles().data?.roles ?? []
  const offered = rolesUpTo(roles, upTo)
  const texts = new Map(roles.map((role) => [role.name as string, role.text]))
  return (
    <Select
      value={value}
      onChange={(next) => next && onChange(next as Role)}
      data={(offered.length > 0 ? offered.map((role) => role.name) : [value]).map((name) => ({ value: name, label: strings.roleNames[name] }))}
      allowDeselect={false}
      maxDropdownHeight={380}
      comboboxProps={{ width: 300, position: "bottom-end" }}
      renderOption={({ option }) => (
        <div>
          <div>{option.label}</div>
          <div style={{ fontSize: "var(--mantine-font-size-xs)", color: "var(--mantine-color-dimmed)" }}>{texts.get(option.value)}</div>
        </div>
      )}
      {...props}
    />
  )
}
