export default function RoutingPage() {
  return null;
}
