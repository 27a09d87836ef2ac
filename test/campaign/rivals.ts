/** Other services, as they mark libraries. */
export const rivals = [
  { id: "rival-mdm-1", name: "Rival Device Management", metadata: "rival.example" },
  { id: "rival-mdm-2", name: "Second Device Management", metadata: "second.example" },
] as const;

/** Whether a mark is that of another service. */
export function isRival(id: string | undefined): boolean {
  return rivals.some((rival) => rival.id === id);
}
