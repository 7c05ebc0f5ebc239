// A linear program: variables with bounds, sparse rows with bounds, a linear cost to be made least. The one
// place that knows the solver (COIN-OR Clp).
//
// Deterministic: work is limited by simplex iterations, never by time, so the same program ends in the same
// way on every machine. Solutions are floating-point: whoever decides something by them must check them.
// Not thread-safe; several programs may be solved at once.
#ifndef WAYMARK_STATISTICS_AUDIT_LINEAR_PROGRAM_H_
#define WAYMARK_STATISTICS_AUDIT_LINEAR_PROGRAM_H_

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

namespace waymark::statistics {

class LinearProgram {
 public:
  static constexpr double kUnbounded = std::numeric_limits<double>::infinity();

  struct Variable {
    double low = 0;
    double high = kUnbounded;
    double cost = 0;
  };
  struct Term {
    std::size_t variable = 0;
    double factor = 1;
  };
  struct Row {
    std::vector<Term> terms;
    double low = 0;
    double high = 0;
  };
  LinearProgram(const std::vector<Variable>& variables, const std::vector<Row>& rows);
  ~LinearProgram();
  LinearProgram(const LinearProgram&) = delete;
  LinearProgram& operator=(const LinearProgram&) = delete;

  void SetBounds(std::size_t variable, double low, double high);
  void SetCost(std::size_t variable, double cost);

  enum class End {
    kOptimal,
    kInfeasible,
    kUnbounded,
    kNotFinished,  // the limit was reached, or the solver failed: nothing is known
  };
  // From where the last call ended (a warm start), or from the beginning after Restart: better where the
  // next solution has little to do with the last.
  void Restart();
  End Minimize(int most_iterations);

  // After kOptimal.
  double Objective() const;
  double Value(std::size_t variable) const;
  // By how much the objective would change for each unit that a row's sum had to be greater. A variable that
  // is not in the program could make the objective less where its cost is below its factors times these.
  double Price(std::size_t row) const;

  int iterations() const;  // of the last call

 private:
  struct Solver;
  const std::unique_ptr<Solver> solver_;
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_LINEAR_PROGRAM_H_
