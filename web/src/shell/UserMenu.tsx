import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core"
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCog, IconUsers, IconWand } from "@tabler/icons-react"
import { useQueryClient } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"

import { api, unwrap } from "../api/client"
import { useSession } from "../api/shared"
import { useShortcutSheet } from "../ui"
import styles from "./shell.module.css"
import { strings } from "./strings"

const SCHEMES = [
  { value: "light", label: strings.light, icon: IconSun },
  { value: "dark", label: strings.dark, icon: IconMoon },
  { value: "auto", label: strings.auto, icon: IconDeviceDesktop },
] as const

/** Who is signed in, the colours, the keys, the way out. */
export function UserMenu() {
  const user = useSession().data?.user
  const client = useQueryClient()
  const navigate = useNavigate()
  const openSheet = useShortcutSheet()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = async () => {
    const { provider_url } = await unwrap(api.DELETE("/api/v1/session"))
    client.clear()
    if (provider_url) return window.location.assign(provider_url)
    await navigate({ to: "/sign-in" })
  }
  if (!user) return null
  return (
    <Menu width={230} position="top-start">
      <Menu.Target>
        <UnstyledButton className={styles.stage} h="auto" py={6} data-testid="user-menu">
          <Avatar name={user.name} size={28} color="pine" aria-hidden />
          <Text size="sm" truncate flex={1} fw={500}>
            {user.name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} aria-hidden />}>
          {strings.account}
        </Menu.Item>
        {user.is_admin && (
          <Menu.Item component={Link} to="/people" leftSection={<IconUsers size={16} aria-hidden />}>
            {strings.people}
          </Menu.Item>
        )}
        {user.is_admin && (
          <Menu.Item component={Link} to="/smart-tool" leftSection={<IconWand size={16} aria-hidden />}>
            {strings.smartTool}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={openSheet} rightSection={<Text size="xs">?</Text>}>
          {strings.keys}
        </Menu.Item>
        <Menu.Label>{strings.colours}</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setColorScheme(value)}
            fw={colorScheme === value ? 700 : 400}
            aria-current={colorScheme === value}
            closeMenuOnClick={false}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {strings.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
