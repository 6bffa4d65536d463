import { Card, Group, Text, Title } from "@mantine/core"
import { IconPhotoPlus } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"

import { thumbnailUrl } from "../../api/images"
import { useStatus, type Project } from "../../api/shared"
import styles from "./projects.module.css"
import { strings } from "./strings"

const MOST = 5

/** One project in the list: its newest pictures and where it stands. */
export function ProjectCard({ project }: { project: Project }) {
  const status = useStatus(project.id).data
  const thumbnails = status?.thumbnails.slice(0, MOST) ?? []
  return (
    <Card component={Link} to={`/projects/${project.id}`} className={styles.card} data-testid="project">
      <div className={styles.mosaic} data-count={thumbnails.length}>
        {thumbnails.map((id) => (
          <img key={id} src={thumbnailUrl(id)} alt="" loading="lazy" />
        ))}
        {thumbnails.length === 0 && (
          <span className={styles.blank}>
            <Group gap="xs">
              <IconPhotoPlus size={20} stroke={1.5} aria-hidden />
              {status ? strings.noPictures : ""}
            </Group>
          </span>
        )}
      </div>
      <Title order={2} size="h2" lineClamp={1}>
        {project.name}
      </Title>
      <Text size="sm" c="dimmed" mt={2}>
        {status ? [strings.pictures(status.images), strings.classes(status.classes), strings.labelledShare(status.labelled, status.images)].join(" · ") : "\u00a0"}
      </Text>
      <Text size="sm" mt={2} c={status?.best_model ? undefined : "dimmed"} fw={status?.best_model ? 600 : 400}>
        {status ? (status.best_model ? strings.right(status.best_model.accuracy) : strings.noModel) : "\u00a0"}
      </Text>
    </Card>
  )
}
