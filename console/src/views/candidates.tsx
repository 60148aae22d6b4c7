export default function Candidates() {
  return null;
}
