import { Menu, Text, UnstyledButton } from "@mantine/core"
import { IconCheck, IconFolderPlus, IconLayoutGrid, IconSelector } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"

import { useProject, useProjects } from "../api/shared"
import styles from "./shell.module.css"
import { strings } from "./strings"

/** The open project, and the way to another. */
export function ProjectSwitcher({ projectId }: { projectId: string }) {
  const project = useProject(projectId)
  const projects = useProjects()
  return (
    <Menu width={240} position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={styles.switcher} aria-label={strings.choose}>
          <Text fw={600} truncate flex={1}>
            {project.data?.name ?? "…"}
          </Text>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: "auto" }}>
        {projects.data?.map((entry) => (
          <Menu.Item
            key={entry.id}
            component={Link}
            to={`/projects/${entry.id}`}
            rightSection={entry.id === projectId ? <IconCheck size={14} aria-hidden /> : null}
          >
            {entry.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/" leftSection={<IconLayoutGrid size={16} aria-hidden />}>
          {strings.projects}
        </Menu.Item>
        <Menu.Item component={Link} to="/projects/new" leftSection={<IconFolderPlus size={16} aria-hidden />}>
          {strings.newProject}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
