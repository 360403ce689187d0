/** Passes on photographs that the user picks, drops or pastes. */
export function onIncoming(onFiles: (files: File[]) => void): void {
  const input = document.getElementById('files') as HTMLInputElement;
  const cover = document.getElementById('dropCover')!;

  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])]);
    input.value = ''; // Allows picking the same file again.
  });

  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) onFiles(files);
  });

  addEventListener('dragover', (event) => {
    event.preventDefault();
    cover.hidden = !event.dataTransfer?.types.includes('Files');
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) cover.hidden = true;
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    cover.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) onFiles(files);
  });
}
