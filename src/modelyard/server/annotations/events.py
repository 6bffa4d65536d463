"""What the annotations room hears from the rooms before it."""

from modelyard.server.annotations.service import (
    arrivals,
    attribute_checks,
    class_changes,
    class_splits,
    comparing,
    imported,
    opinion_changes,
)
from modelyard.server.events import (
    AttributeRenamed,
    ClassChangeUndone,
    ClassDeleted,
    ClassMerged,
    ClassSplitUp,
    ImagesAdded,
    ImagesDeleted,
    ImagesRestored,
    LabelsApplied,
    LabelsTakenBack,
    MemberChanged,
    PersonShutOut,
    ReservesChanged,
    SkeletonChanged,
)
from modelyard.server.kit.events import subscribe

subscribe(ImagesAdded)(arrivals.welcome)
subscribe(ImagesDeleted)(arrivals.forget)
subscribe(ImagesRestored)(arrivals.welcome_back)
subscribe(ClassMerged)(class_changes.follow_merge)
subscribe(ClassDeleted)(class_changes.follow_deletion)
subscribe(ClassSplitUp)(class_splits.follow_split)
subscribe(ClassSplitUp)(comparing.compare_anew)
subscribe(AttributeRenamed)(attribute_checks.follow_rename)
subscribe(AttributeRenamed)(opinion_changes.follow_rename)
subscribe(SkeletonChanged)(class_changes.follow_skeleton)
subscribe(SkeletonChanged)(opinion_changes.follow_skeleton)
subscribe(ClassChangeUndone)(class_changes.take_back)
subscribe(ClassChangeUndone)(opinion_changes.follow_skeleton)
subscribe(ReservesChanged)(arrivals.draw_lots_anew)
subscribe(LabelsApplied)(imported.apply)
subscribe(LabelsTakenBack)(imported.take_back)
subscribe(PersonShutOut)(arrivals.free_what_is_lent)
subscribe(MemberChanged)(arrivals.free_what_is_lent)
subscribe(ClassMerged)(comparing.compare_anew)
subscribe(ClassDeleted)(comparing.compare_anew)
subscribe(ClassChangeUndone)(comparing.compare_anew)
subscribe(SkeletonChanged)(comparing.compare_anew)
