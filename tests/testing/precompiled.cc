// The program that owns the tests' precompiled header; it is built and never run.
int main() {
  return 0;
}
