#include "statistics/audit/linear_program.h"

#include <coin/ClpSimplex.hpp>
#include <coin/CoinError.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <exception>

namespace waymark::statistics {

struct LinearProgram::Solver {
  ClpSimplex model;
  // Since the last solution: where only costs have changed, that is still feasible.
  bool costs_changed = false;
  bool bounds_changed = true;
};

namespace {

double ForClp(double bound) {
  if (bound == LinearProgram::kUnbounded) return COIN_DBL_MAX;
  return bound == -LinearProgram::kUnbounded ? -COIN_DBL_MAX : bound;
}

constexpr int kNoPerturbation = 100;

}  // namespace

LinearProgram::LinearProgram(const std::vector<Variable>& variables, const std::vector<Row>& rows)
    : solver_(std::make_unique<Solver>()) {
  ClpSimplex& model = solver_->model;
  model.setLogLevel(0);
  model.setPerturbation(kNoPerturbation);
  model.scaling(0);  // factors are about 1
  std::vector<int> row_of;
  std::vector<int> column_of;
  std::vector<double> factor;
  std::vector<double> row_low(rows.size());
  std::vector<double> row_high(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const Term& term : rows[r].terms) {
      row_of.push_back(static_cast<int>(r));
      column_of.push_back(static_cast<int>(term.variable));
      factor.push_back(term.factor);
    }
    row_low[r] = ForClp(rows[r].low);
    row_high[r] = ForClp(rows[r].high);
  }
  std::vector<double> low(variables.size());
  std::vector<double> high(variables.size());
  std::vector<double> cost(variables.size());
  for (std::size_t v = 0; v < variables.size(); ++v) {
    low[v] = ForClp(variables[v].low);
    high[v] = ForClp(variables[v].high);
    cost[v] = variables[v].cost;
  }
  CoinPackedMatrix matrix(true, row_of.data(), column_of.data(), factor.data(),
                          static_cast<CoinBigIndex>(factor.size()));
  matrix.setDimensions(static_cast<int>(rows.size()), static_cast<int>(variables.size()));
  model.loadProblem(matrix, low.data(), high.data(), cost.data(), row_low.data(), row_high.data());
}

LinearProgram::~LinearProgram() = default;

void LinearProgram::SetBounds(std::size_t variable, double low, double high) {
  solver_->model.setColumnBounds(static_cast<int>(variable), ForClp(low), ForClp(high));
  solver_->bounds_changed = true;
}

void LinearProgram::SetCost(std::size_t variable, double cost) {
  solver_->model.setObjectiveCoefficient(static_cast<int>(variable), cost);
  solver_->costs_changed = true;
}

void LinearProgram::Restart() {
  solver_->model.allSlackBasis(true);
  solver_->bounds_changed = true;
}

LinearProgram::End LinearProgram::Minimize(int most_iterations) {
  ClpSimplex& model = solver_->model;
  model.setMaximumIterations(most_iterations);
  try {
    if (solver_->costs_changed && !solver_->bounds_changed) {
      model.primal();
    } else {
      model.dual();
    }
  } catch (const CoinError&) {
    return End::kNotFinished;
  } catch (const std::exception&) {
    return End::kNotFinished;
  }
  solver_->costs_changed = false;
  solver_->bounds_changed = false;
  switch (model.status()) {
    case 0:
      return End::kOptimal;
    case 1:
      return End::kInfeasible;
    case 2:
      return End::kUnbounded;
    default:
      return End::kNotFinished;
  }
}

double LinearProgram::Objective() const {
  return solver_->model.objectiveValue();
}

double LinearProgram::Value(std::size_t variable) const {
  return solver_->model.getColSolution()[variable];
}

double LinearProgram::Price(std::size_t row) const {
  return solver_->model.getRowPrice()[row];
}

int LinearProgram::iterations() const {
  return solver_->model.numberIterations();
}

}  // namespace waymark::statistics
