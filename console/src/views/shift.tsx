export default function ShiftPage() {
  return null;
}
